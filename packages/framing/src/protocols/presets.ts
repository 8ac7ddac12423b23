/**
 * Framings of well-known protocols, each from its specification, with the names of `codecByName`. They find frames; they do not interpret them.
 * Where a protocol's header holds more than a length, its fields come with the payload.
 */

import { checkedChoice } from '../choice.ts';
import { i32be, u16be, u32be, u8 } from '../fields/integer-field.ts';
import { varint } from '../fields/varint.ts';
import { frame } from '../frame/frame.ts';
import { codecOf, fieldsCodecOf } from '../layout/codec-of.ts';
import { AMQP, GRPC, MODBUS, MONGODB, MQTT, MYSQL, POSTGRES, POSTGRES_STARTUP, TPKT, WEBSOCKET } from './protocol-layouts.ts';
import type { ByteCodec } from '../codec.ts';
import type { IntegerField } from '../fields/integer-field.ts';
import type { FrameCodec } from '../frame/frame.ts';
import type { FrameHeader } from '../frame/options.ts';
import type { FramedLayout } from '../layout/layout.ts';

type Length = { readonly length: IntegerField };
type MqttHeader = Length & { readonly typeAndFlags: IntegerField };
type ModbusHeader = Length & { readonly transaction: IntegerField; readonly unit: IntegerField };
type GrpcHeader = Length & { readonly compressed: IntegerField };
type PostgresHeader = Length & { readonly type: IntegerField };
type MysqlHeader = Length & { readonly sequence: IntegerField };
type MongodbHeader = Length & { readonly requestId: IntegerField; readonly responseTo: IntegerField; readonly opCode: IntegerField };
type AmqpHeader = Length & { readonly type: IntegerField; readonly channel: IntegerField };

/** Options of every preset. */
export interface PresetOptions {
  /** Longest payload in bytes; longest frame where whole frames are returned. @defaultValue 1_048_576, or what the format can express */
  readonly maxPayloadBytes?: number;
}

/** Options of {@link erlang}. */
export interface ErlangOptions extends PresetOptions {
  /** Bytes of the length. */
  readonly packet: 1 | 2 | 4;
}

type Emits = 'payload' | 'frame';

/** Options of presets whose header has more than a length. */
export interface FieldsPresetOptions<Emit extends Emits = 'payload'> extends PresetOptions {
  /** `'frame'` carries whole frames, with headers, as `codecByName` does for the same name. @defaultValue 'payload', with the header's fields */
  readonly emit?: Emit;
}

/** What a preset with fields makes. */
type Emitted<Emit extends Emits, Header extends FrameHeader> = Emit extends 'frame' ? ByteCodec : FrameCodec<Header>;

/** The types know the fields of the layout. */
function withFields<Emit extends Emits, Header extends FrameHeader>(
  layout: FramedLayout,
  { emit, ...options }: FieldsPresetOptions<Emit>,
): Emitted<Emit, Header> {
  checkedChoice<Emits>('emit', emit ?? 'payload', ['payload', 'frame']);
  const codec: object = emit === 'frame' ? codecOf(layout, options) : fieldsCodecOf(layout, options);
  return codec as Emitted<Emit, Header>;
}

/** Erlang's `{packet, 1 | 2 | 4}`: a big-endian length of that many bytes. Source: Erlang/OTP, inet:setopts/2. */
export function erlang({ packet, ...options }: ErlangOptions): ByteCodec {
  const fields: Readonly<Record<number, IntegerField>> = { 1: u8, 2: u16be, 4: u32be };
  const length = fields[packet];
  if (length === undefined) throw new RangeError(`packet is ${String(packet)}; allowed: 1, 2 and 4`);
  return frame({ name: 'erlang', header: { length }, ...options });
}

/** DNS messages over TCP: a 16-bit length, which excludes itself. Source: RFC 1035, 4.2.2; RFC 7766, 8. */
export function dns(options: PresetOptions = {}): ByteCodec {
  return frame({ name: 'dns', header: { length: u16be }, ...options });
}

/** RTP and RTCP packets over TCP: a 16-bit length, which excludes itself; 0 is a null packet. Source: RFC 4571, 2. */
export function rtp(options: PresetOptions = {}): ByteCodec {
  return frame({ name: 'rtp', header: { length: u16be }, ...options });
}

/** Kafka requests and responses: a signed 32-bit length. Source: Apache Kafka protocol guide, "Common Request and Response Structure". */
export function kafka(options: PresetOptions = {}): ByteCodec {
  return frame({ name: 'kafka', header: { length: i32be }, ...options });
}

/** Protocol Buffers' writeDelimitedTo: a varint of at most five bytes, in its shortest form. Source: Protocol Buffers encoding. */
export function protobuf(options: PresetOptions = {}): ByteCodec {
  return frame({ name: 'protobuf', header: { length: varint({ maxBytes: 5 }) }, ...options });
}

/** TPKT, under ISO transport (S7, RDP, H.323): version 3, and a length that counts all four header bytes, at least 7. Source: RFC 1006, 6. */
export function tpkt(options: PresetOptions = {}): ByteCodec {
  return codecOf({ ...TPKT, emit: 'payload' }, options);
}

/** Modbus over TCP: the length counts the unit identifier too. Source: MODBUS Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3. */
export function modbus<Emit extends Emits = 'payload'>(options: FieldsPresetOptions<Emit> = {}): Emitted<Emit, ModbusHeader> {
  return withFields(MODBUS, options);
}

/** gRPC's Length-Prefixed-Message, inside the HTTP/2 stream. Source: gRPC over HTTP2, "Requests". */
export function grpc<Emit extends Emits = 'payload'>(options: FieldsPresetOptions<Emit> = {}): Emitted<Emit, GrpcHeader> {
  return withFields(GRPC, options);
}

/** MQTT control packets: the fixed header's first byte (type in the high four bits), remaining length. Source: MQTT 3.1.1, 2.2. */
export function mqtt<Emit extends Emits = 'payload'>(options: FieldsPresetOptions<Emit> = {}): Emitted<Emit, MqttHeader> {
  return withFields(MQTT, options);
}

/** PostgreSQL messages after startup: a type byte, and a length that counts itself. Source: PostgreSQL documentation, 55.2.1. */
export function postgres<Emit extends Emits = 'payload'>(options: FieldsPresetOptions<Emit> = {}): Emitted<Emit, PostgresHeader> {
  return withFields(POSTGRES, options);
}

/** PostgreSQL's first messages, which have no type: StartupMessage, SSLRequest, CancelRequest. Source: PostgreSQL documentation, 55.7. */
export function postgresStartup(options: PresetOptions = {}): ByteCodec {
  return codecOf(POSTGRES_STARTUP, options);
}

/**
 * MySQL packets: a 24-bit little-endian length and a sequence number. A payload of 16,777,215 bytes continues in the
 * next packet; joining them is left to the program. Source: MySQL source documentation, "Protocol::Packet".
 */
export function mysql<Emit extends Emits = 'payload'>(options: FieldsPresetOptions<Emit> = {}): Emitted<Emit, MysqlHeader> {
  return withFields(MYSQL, options);
}

/** MongoDB messages: 16 header bytes, all counted by the length. Source: MongoDB wire protocol, "Standard Message Header". */
export function mongodb<Emit extends Emits = 'payload'>(options: FieldsPresetOptions<Emit> = {}): Emitted<Emit, MongodbHeader> {
  return withFields(MONGODB, options);
}

/** AMQP 0-9-1 frames, after the protocol header: type, channel, length, payload and the byte ce. Source: AMQP 0-9-1, 4.2.3. */
export function amqp<Emit extends Emits = 'payload'>(options: FieldsPresetOptions<Emit> = {}): Emitted<Emit, AmqpHeader> {
  return withFields(AMQP, options);
}

/**
 * WebSocket frames after the handshake, whole, as they are on the wire: header, masking key and masked payload.
 * Fragments are not put together: `websocketMessages` does. Source: RFC 6455, 5.2.
 */
export function websocket(options: PresetOptions = {}): ByteCodec {
  return codecOf(WEBSOCKET, options);
}
