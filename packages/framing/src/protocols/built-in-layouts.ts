import { PROTOCOL_LAYOUTS } from './protocol-layouts.ts';
import type { FramedLayout, IntegerName, Layout } from '../layout/layout.ts';

function prefix(field: IntegerName, summary: string): FramedLayout {
  return { kind: 'frame', name: field, summary, header: [{ name: 'length', field }] };
}

/** Every layout that has a name of its own, in the order in which help texts show them. */
export const BUILT_IN_LAYOUTS: readonly Layout[] = [
  { kind: 'raw', name: 'raw', summary: 'no framing: whatever one read brings' },
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
  { kind: 'netstring', name: 'netstring', summary: 'length in digits, colon, payload, comma (djb)' },
  { kind: 'octet-counted', name: 'octet-counted', summary: 'length in digits, space, payload: syslog (RFC 6587); none is empty' },
  { kind: 'slip', name: 'slip', summary: 'C0 at both ends, escapes inside (RFC 1055); none is empty' },
  { kind: 'cobs', name: 'cobs', summary: 'consistent overhead byte stuffing, each frame ended by 00' },
  { kind: 'content-length', name: 'content-length', summary: 'Content-Length header lines, as in the Language Server Protocol' },
  ...PROTOCOL_LAYOUTS,
];
