import { constant } from '../frame/options.ts';
import { i32be, i32le, u16be, u24le, u32be, u8 } from '../fields/integer-field.ts';
import { mqttVarint } from '../fields/varint.ts';
import { websocketLength } from '../fields/websocket-length.ts';
import type { Constant, FrameHeader, FrameOptions } from '../frame/options.ts';
import type { IntegerField } from '../fields/integer-field.ts';
import type { VariableLengthField } from '../fields/length-field.ts';

/** A wire format that can be read as payloads with fields, or as whole frames. */
export type Layout<Header extends FrameHeader> = Omit<FrameOptions<Header>, 'emit' | 'maxPayloadBytes'>;

export type TpktHeader = { readonly magic: Constant; readonly length: IntegerField };
export const TPKT: Layout<TpktHeader> = {
  name: 'tpkt',
  // "The minimum value is 7": the header, and the three bytes that a TPDU has at least.
  header: { magic: constant(3, 0), length: { ...u16be, min: 7 } },
  counts: 'frame',
};

export type ModbusHeader = {
  readonly transaction: IntegerField;
  readonly protocol: Constant;
  readonly length: IntegerField;
  readonly unit: IntegerField;
};
export const MODBUS: Layout<ModbusHeader> = {
  name: 'modbus',
  header: { transaction: u16be, protocol: constant(0, 0), length: u16be, unit: u8 },
  counts: 'afterLength',
};

export type GrpcHeader = { readonly compressed: IntegerField; readonly length: IntegerField };
export const GRPC: Layout<GrpcHeader> = { name: 'grpc', header: { compressed: u8, length: u32be } };

export type MqttHeader = { readonly typeAndFlags: IntegerField; readonly length: VariableLengthField };
export const MQTT: Layout<MqttHeader> = { name: 'mqtt', header: { typeAndFlags: u8, length: mqttVarint } };

export type PostgresHeader = { readonly type: IntegerField; readonly length: IntegerField };
export const POSTGRES: Layout<PostgresHeader> = { name: 'postgres', header: { type: u8, length: i32be }, counts: { plus: 4 } };

export type MysqlHeader = { readonly length: IntegerField; readonly sequence: IntegerField };
export const MYSQL: Layout<MysqlHeader> = { name: 'mysql', header: { length: u24le, sequence: u8 } };

export type MongodbHeader = {
  readonly length: IntegerField;
  readonly requestId: IntegerField;
  readonly responseTo: IntegerField;
  readonly opCode: IntegerField;
};
export const MONGODB: Layout<MongodbHeader> = {
  name: 'mongodb',
  header: { length: i32le, requestId: i32le, responseTo: i32le, opCode: i32le },
  counts: 'frame',
};

export type AmqpHeader = { readonly type: IntegerField; readonly channel: IntegerField; readonly length: IntegerField };
export const AMQP: Layout<AmqpHeader> = { name: 'amqp', header: { type: u8, channel: u16be, length: u32be }, trailer: constant(0xce) };

export type WebsocketHeader = { readonly flags: IntegerField; readonly length: VariableLengthField };
export const WEBSOCKET: Layout<WebsocketHeader> = { name: 'websocket', header: { flags: u8, length: websocketLength } };
