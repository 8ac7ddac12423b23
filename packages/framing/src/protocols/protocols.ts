import { frame } from '../frame/frame.ts';
import { dnsTcp, kafka, protobufDelimited, rtp4571 } from './presets.ts';
import { AMQP, GRPC, MODBUS, MONGODB, MQTT, MYSQL, POSTGRES, TPKT, WEBSOCKET } from './protocol-layouts.ts';
import type { Bytes } from '../codec.ts';
import type { FrameHeader } from '../frame/options.ts';
import type { Layout } from './protocol-layouts.ts';
import type { FramingEntry } from './registry.ts';

/** A protocol whose frames are a length and any payload. */
function plain(name: string, summary: string, maxPayloadBytes: number, create: FramingEntry['create']): FramingEntry {
  return { name, summary, keepsBoundaries: true, isCanonical: true, maxPayloadBytes, create };
}

/** A protocol that is carried in whole frames, header and all, so that programs can relay and echo what they do not understand. */
function whole<Header extends FrameHeader>(
  layout: Layout<Header>,
  name: string,
  summary: string,
  maxPayloadBytes: number,
  examples: readonly string[],
): FramingEntry {
  return {
    name,
    summary,
    keepsBoundaries: true,
    isCanonical: true,
    maxPayloadBytes,
    create: (options) => frame({ ...layout, emit: 'frame', ...options }),
    exampleFrames: examples.map(fromHex),
  };
}

function fromHex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const ping = '24000000 01000000 00000000 dd070000 00000000 00 0f000000 1070696e6700 01000000 00';

/** The presets by the names of their protocols. Summaries of those that are carried in whole frames say so. */
export const PROTOCOLS: readonly FramingEntry[] = [
  plain('varint', 'varint length of at most 5 bytes: delimited Protocol Buffers', 2 ** 35 - 1, protobufDelimited),
  plain('dns', 'DNS over TCP: 16-bit length', 65_535, dnsTcp),
  plain('rtp', 'RTP over TCP (RFC 4571): 16-bit length', 65_535, rtp4571),
  plain('kafka', 'Kafka: signed 32-bit length', 2 ** 31 - 1, kafka),
  whole(TPKT, 'tpkt', 'TPKT (RFC 1006), whole frames', 65_535, ['03000007 02f080', '0300000b 06e00000000100']),
  whole(MODBUS, 'modbus', 'Modbus over TCP, whole frames', 65_541, ['0001 0000 0006 11 03006b0003', '0002 0000 0003 11 8302']),
  whole(GRPC, 'grpc', 'gRPC messages, whole with their 5-byte prefix', 2 ** 32 + 4, ['00 00000007 0a05776f726c64', '00 00000000']),
  whole(MQTT, 'mqtt', 'MQTT control packets, whole', 268_435_460, ['c000', '30 06 0001 61 e7b298']),
  whole(POSTGRES, 'postgres', 'PostgreSQL messages after startup, whole', 2 ** 31, ['5a 00000005 49', '58 00000004']),
  whole(MYSQL, 'mysql', 'MySQL packets, whole', 16_777_219, ['010000 00 01', '0a0000 7b 01020304050607080900']),
  whole(MONGODB, 'mongodb', 'MongoDB messages, whole', 2 ** 31 - 1, [ping, '10000000 02000000 01000000 dd070000']),
  whole(AMQP, 'amqp', 'AMQP 0-9-1 frames, whole', 2 ** 32 + 7, ['08 0000 00000000 ce', '03 0001 00000003 e7b298 ce']),
  whole(WEBSOCKET, 'websocket', 'WebSocket frames after the handshake, whole', Number.MAX_SAFE_INTEGER, [
    '81 05 48656c6c6f',
    '81 85 37fa213d 7f9f4d5158',
    '8a 00',
  ]),
];
