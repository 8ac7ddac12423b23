import { i32be, i32le, mqttVarint, u16be, u16le, u24be, u24le, u32be, u32le, u64be, u64le, u8, varint } from '@socklab/framing';
import { headerParts } from './header-parts.ts';
import { partOf, type FindParts } from './part.ts';
import { amqpFrame, mongodbOpcode, mqttPacket, postgresType } from './protocol-words.ts';
import { cobsParts, slipParts } from './stuffed-parts.ts';
import { contentLengthParts, digitsParts, lineParts } from './text-parts.ts';
import { websocketParts } from './websocket-parts.ts';
import type { LengthField } from '@socklab/framing';

const COLON = 0x3a;
const SPACE = 0x20;

/** Nothing but a length before the payload. */
function prefix(field: LengthField): FindParts {
  return headerParts([{ kind: 'length', field }]);
}

/** How the frames of each framing are laid out, by its name. */
export const FRAME_PARTS: Readonly<Record<string, FindParts>> = {
  raw: ({ length }) => partOf('payload', 0, length),
  line: lineParts,
  i32le: prefix(i32le),
  i32be: prefix(i32be),
  u8: prefix(u8),
  u16be: prefix(u16be),
  u16le: prefix(u16le),
  u24be: prefix(u24be),
  u24le: prefix(u24le),
  u32be: prefix(u32be),
  u32le: prefix(u32le),
  u64be: prefix(u64be),
  u64le: prefix(u64le),
  netstring: digitsParts(COLON, 1),
  'octet-counted': digitsParts(SPACE, 0),
  slip: slipParts,
  cobs: cobsParts,
  'content-length': contentLengthParts,
  varint: prefix(varint({ maxBytes: 5 })),
  dns: prefix(u16be),
  rtp: prefix(u16be),
  kafka: prefix(i32be),
  tpkt: headerParts([
    { kind: 'magic', name: 'version, reserved', field: 2 },
    { kind: 'length', field: u16be },
  ]),
  modbus: headerParts([
    { kind: 'field', name: 'transaction', field: u16be },
    { kind: 'magic', name: 'protocol', field: 2 },
    { kind: 'length', field: u16be },
    { kind: 'field', name: 'unit', field: u8 },
  ]),
  grpc: headerParts([
    { kind: 'field', name: 'compressed', field: u8 },
    { kind: 'length', field: u32be },
  ]),
  mqtt: headerParts([
    { kind: 'field', name: 'typeAndFlags', field: u8, says: mqttPacket },
    { kind: 'length', field: mqttVarint },
  ]),
  postgres: headerParts([
    { kind: 'field', name: 'type', field: u8, says: postgresType },
    { kind: 'length', field: i32be },
  ]),
  mysql: headerParts([
    { kind: 'length', field: u24le },
    { kind: 'field', name: 'sequence', field: u8 },
  ]),
  mongodb: headerParts([
    { kind: 'length', field: i32le },
    { kind: 'field', name: 'requestId', field: i32le },
    { kind: 'field', name: 'responseTo', field: i32le },
    { kind: 'field', name: 'opCode', field: i32le, says: mongodbOpcode },
  ]),
  amqp: headerParts(
    [
      { kind: 'field', name: 'type', field: u8, says: amqpFrame },
      { kind: 'field', name: 'channel', field: u16be },
      { kind: 'length', field: u32be },
    ],
    1,
  ),
  websocket: websocketParts,
};
