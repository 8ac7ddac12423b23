import { isPlain, PLAIN_KINDS } from '../codecs/plain/plain-kinds.ts';
import { PROTOCOL_LAYOUTS } from './protocol-layouts.ts';
import type { PlainKindName } from '../codecs/plain/plain-kinds.ts';
import type { FramedLayout, IntegerName, Layout } from '../layout/layout.ts';

function prefix(field: IntegerName, summary: string): FramedLayout {
  return { kind: 'frame', name: field, summary, header: [{ name: 'length', field }] };
}

function plain(kind: PlainKindName): Layout {
  return { kind, name: kind, summary: PLAIN_KINDS[kind].summary };
}

const FORMATS: readonly Layout[] = [
  plain('raw'),
  { kind: 'line', name: 'line', summary: 'lines ended by LF; a CR before it is dropped' },
  prefix('i32le', "signed 32-bit little-endian length: Python's struct.pack('i', n)"),
  prefix('i32be', 'signed 32-bit big-endian length'),
  prefix('u8', '8-bit length'),
  prefix('u16be', '16-bit big-endian length'),
  prefix('u16le', '16-bit little-endian length'),
  prefix('u24be', '24-bit big-endian length'),
  prefix('u24le', '24-bit little-endian length'),
  prefix('u32be', '32-bit big-endian length'),
  prefix('u32le', '32-bit little-endian length'),
  prefix('u64be', '64-bit big-endian length, up to 2^53 − 1'),
  prefix('u64le', '64-bit little-endian length, up to 2^53 − 1'),
  plain('netstring'),
  { kind: 'octet-counted', name: 'octet-counted', summary: 'length in digits, space, payload: syslog (RFC 6587); none is empty' },
  plain('slip'),
  plain('cobs'),
  { kind: 'content-length', name: 'content-length', summary: 'Content-Length header lines, as in the Language Server Protocol' },
];

const OTHERS = Object.keys(PLAIN_KINDS).filter(
  (kind): kind is PlainKindName => isPlain(kind) && FORMATS.every((each) => each.kind !== kind),
);

/** All layouts with a name of their own, in the order of help texts. */
export const BUILT_IN_LAYOUTS: readonly Layout[] = [...FORMATS, ...OTHERS.map(plain), ...PROTOCOL_LAYOUTS];
