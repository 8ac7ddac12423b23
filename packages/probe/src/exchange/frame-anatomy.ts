import type { Bytes, Span } from '../types.ts';

/** Where things lie in one frame, in bytes from its start. What is absent is as the decoder found it. */
export interface Anatomy {
  readonly length?: Span;
  readonly payloadStart?: number;
  readonly payloadEnd?: number;
}

/** Reads one whole frame; `payloadStart` is where the decoder found the payload. */
type Dissect = (frame: Bytes, payloadStart: number) => Anatomy;

const CONTINUES = 0x80;
const WEBSOCKET_LENGTH_BITS = 0x7f;
const WEBSOCKET_MASK_BYTES = 4;

const nothing: Dissect = () => ({});
/** The header is the length, and nothing else. */
const wholeHeader: Dissect = (_frame, payloadStart) => ({ length: { start: 0, end: payloadStart } });
/** Digits, and one byte that ends them. */
const digits: Dissect = (_frame, payloadStart) => ({ length: { start: 0, end: payloadStart - 1 } });

/** A header of fixed size in a frame that is handed out whole. */
function fixed(start: number, lengthBytes: number, headerBytes: number = start + lengthBytes, trailerBytes: number = 0): Dissect {
  return ({ length }) => ({
    length: { start, end: start + lengthBytes },
    payloadStart: headerBytes,
    payloadEnd: length - trailerBytes,
  });
}

function contentLength(frame: Bytes, payloadStart: number): Anatomy {
  const header = new TextDecoder('latin1').decode(frame.subarray(0, payloadStart));
  const field = /^(?<name>content-length:[ \t]*)(?<digits>\d+)/im.exec(header);
  if (field === null) return {};
  const start = field.index + (field.groups?.['name']?.length ?? 0);
  return { length: { start, end: start + (field.groups?.['digits']?.length ?? 0) } };
}

function mqtt(frame: Bytes): Anatomy {
  let end = 1;
  while ((frame[end] ?? 0) >= CONTINUES) end++;
  return { length: { start: 1, end: end + 1 }, payloadStart: end + 1, payloadEnd: frame.length };
}

function websocket(frame: Bytes): Anatomy {
  const second = frame[1] ?? 0;
  const short = second & WEBSOCKET_LENGTH_BITS;
  const end = short === 126 ? 4 : short === 127 ? 10 : 2;
  const maskBytes = second >= CONTINUES ? WEBSOCKET_MASK_BYTES : 0;
  return { length: { start: 1, end }, payloadStart: end + maskBytes, payloadEnd: frame.length };
}

/** How the frames of each framing of `@socklab/framing` are laid out, by its name. */
export const ANATOMY: Readonly<Record<string, Dissect>> = {
  line: nothing,
  i32le: wholeHeader,
  i32be: wholeHeader,
  u8: wholeHeader,
  u16be: wholeHeader,
  u16le: wholeHeader,
  u24be: wholeHeader,
  u24le: wholeHeader,
  u32be: wholeHeader,
  u32le: wholeHeader,
  u64be: wholeHeader,
  u64le: wholeHeader,
  netstring: digits,
  'octet-counted': digits,
  slip: nothing,
  cobs: nothing,
  'content-length': contentLength,
  varint: wholeHeader,
  dns: wholeHeader,
  rtp: wholeHeader,
  kafka: wholeHeader,
  tpkt: fixed(2, 2),
  modbus: fixed(4, 2, 7),
  grpc: fixed(1, 4),
  mqtt,
  postgres: fixed(1, 4),
  mysql: fixed(0, 3, 4),
  mongodb: fixed(0, 4, 16),
  amqp: fixed(3, 4, 7, 1),
  websocket,
};
