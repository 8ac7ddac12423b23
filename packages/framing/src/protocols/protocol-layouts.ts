import type { FramedLayout, PreambleStep } from '../layout/layout.ts';

/** Source: RFC 1006, 6. "The minimum value is 7": the header, and the three bytes that a TPDU has at least. */
export const TPKT: FramedLayout = {
  kind: 'frame',
  name: 'tpkt',
  summary: 'TPKT (RFC 1006), whole frames',
  header: [
    { name: 'version', bytes: '03' },
    { name: 'reserved', bytes: '00' },
    { name: 'length', field: { type: 'u16be', min: 7 } },
  ],
  counts: 'frame',
  emit: 'frame',
  examples: ['03000007 02f080', '0300000b 06e00000000100'],
};

/** Source: MODBUS Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3. */
export const MODBUS: FramedLayout = {
  kind: 'frame',
  name: 'modbus',
  summary: 'Modbus over TCP, whole frames',
  header: [
    { name: 'transaction', field: 'u16be' },
    { name: 'protocol', bytes: '0000' },
    { name: 'length', field: 'u16be' },
    { name: 'unit', field: 'u8' },
  ],
  counts: 'afterLength',
  examples: ['0001 0000 0006 11 03006b0003', '0002 0000 0003 11 8302'],
};

/** Source: gRPC over HTTP2, "Requests". */
export const GRPC: FramedLayout = {
  kind: 'frame',
  name: 'grpc',
  summary: 'gRPC messages, whole with their 5-byte prefix',
  header: [
    { name: 'compressed', field: 'u8' },
    { name: 'length', field: 'u32be' },
  ],
  examples: ['00 00000007 0a05776f726c64', '00 00000000'],
};

/** Source: MQTT 3.1.1, 2.2. */
export const MQTT: FramedLayout = {
  kind: 'frame',
  name: 'mqtt',
  summary: 'MQTT control packets, whole',
  header: [
    { name: 'typeAndFlags', field: 'u8' },
    { name: 'length', field: 'mqttVarint' },
  ],
  examples: ['c000', '30 06 0001 61 e7b298'],
};

/** Source: PostgreSQL documentation, 55.7. */
export const POSTGRES_STARTUP: FramedLayout = {
  kind: 'frame',
  name: 'postgres-startup',
  header: [{ name: 'length', field: 'i32be' }],
  counts: 'frame',
};

/**
 * A client may ask for TLS or GSSAPI encryption first, each answered by one byte, then starts up with a message without a type; after an S or G
 * everything is encrypted. Source: PostgreSQL documentation, 55.2.
 */
const POSTGRES_PREAMBLE: readonly PreambleStep[] = [
  { name: 'SSLRequest or GSSENCRequest', from: 'client', times: 'any', startsWith: ['00000008 04d2162f', '00000008 04d21630'] },
  { name: 'StartupMessage or CancelRequest', from: 'client', startsWith: ['00'], frame: POSTGRES_STARTUP },
  { name: 'refusal of encryption', from: 'server', times: 'any', startsWith: ['4e'] },
  { name: 'consent to encryption', from: 'server', times: 'optional', startsWith: ['53', '47'], ends: true },
];

/** Source: PostgreSQL documentation, 55.2.1. */
export const POSTGRES: FramedLayout = {
  kind: 'frame',
  name: 'postgres',
  summary: 'PostgreSQL messages after startup, whole',
  preamble: POSTGRES_PREAMBLE,
  header: [
    { name: 'type', field: 'u8' },
    { name: 'length', field: 'i32be' },
  ],
  counts: { plus: 4 },
  examples: ['5a 00000005 49', '58 00000004'],
};

/** Source: MySQL source documentation, "Protocol::Packet". */
export const MYSQL: FramedLayout = {
  kind: 'frame',
  name: 'mysql',
  summary: 'MySQL packets, whole',
  header: [
    { name: 'length', field: 'u24le' },
    { name: 'sequence', field: 'u8' },
  ],
  examples: ['010000 00 01', '0a0000 7b 01020304050607080900'],
};

/** Source: MongoDB wire protocol, "Standard Message Header". */
export const MONGODB: FramedLayout = {
  kind: 'frame',
  name: 'mongodb',
  summary: 'MongoDB messages, whole',
  header: [
    { name: 'length', field: 'i32le' },
    { name: 'requestId', field: 'i32le' },
    { name: 'responseTo', field: 'i32le' },
    { name: 'opCode', field: 'i32le' },
  ],
  counts: 'frame',
  examples: ['24000000 01000000 00000000 dd070000 00000000 00 0f000000 1070696e6700 01000000 00', '10000000 02000000 01000000 dd070000'],
};

/** Source: AMQP 0-9-1, 4.2.2 and 4.2.3. A server that speaks another version answers with a header of its own and closes. */
export const AMQP: FramedLayout = {
  kind: 'frame',
  name: 'amqp',
  summary: 'AMQP 0-9-1 frames, whole',
  preamble: [
    { name: 'protocol header', from: 'client', startsWith: ['414d5150'], frame: 8 },
    { name: 'protocol header', from: 'server', times: 'optional', startsWith: ['414d5150'], frame: 8 },
  ],
  header: [
    { name: 'type', field: 'u8' },
    { name: 'channel', field: 'u16be' },
    { name: 'length', field: 'u32be' },
  ],
  trailer: [{ bytes: 'ce' }],
  examples: ['08 0000 00000000 ce', '03 0001 00000003 e7b298 ce'],
};

/** Source: RFC 6455, 4 and 5.2. */
export const WEBSOCKET: FramedLayout = {
  kind: 'frame',
  name: 'websocket',
  summary: 'WebSocket frames after the handshake, whole',
  preamble: [
    {
      name: 'HTTP request',
      from: 'client',
      startsWith: ['474554'],
      frame: { kind: 'delimited', delimiters: ['\r\n\r\n'], maxPayloadBytes: 65_536 },
    },
    {
      name: 'HTTP response',
      from: 'server',
      startsWith: ['48545450'],
      frame: { kind: 'delimited', delimiters: ['\r\n\r\n'], maxPayloadBytes: 65_536 },
    },
  ],
  header: [
    { name: 'flags', field: 'u8' },
    { name: 'length', field: 'websocketLength' },
  ],
  emit: 'frame',
  examples: ['81 05 48656c6c6f', '81 85 37fa213d 7f9f4d5158', '8a 00'],
};

/** Protocols with a length and any payload, then those carried as whole frames, because programs relay them without interpreting them. */
export const PROTOCOL_LAYOUTS: readonly FramedLayout[] = [
  {
    kind: 'frame',
    name: 'protobuf',
    summary: 'varint length of at most 5 bytes: delimited Protocol Buffers',
    header: [{ name: 'length', field: { type: 'varint', maxBytes: 5 } }],
  },
  { kind: 'frame', name: 'dns', summary: 'DNS over TCP: 16-bit length', header: [{ name: 'length', field: 'u16be' }] },
  { kind: 'frame', name: 'rtp', summary: 'RTP over TCP (RFC 4571): 16-bit length', header: [{ name: 'length', field: 'u16be' }] },
  { kind: 'frame', name: 'kafka', summary: 'Kafka: signed 32-bit length', header: [{ name: 'length', field: 'i32be' }] },
  TPKT,
  MODBUS,
  GRPC,
  MQTT,
  POSTGRES,
  MYSQL,
  MONGODB,
  AMQP,
  WEBSOCKET,
];
