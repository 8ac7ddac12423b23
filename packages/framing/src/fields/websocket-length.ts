import { u16be, u64be } from './integer-field.ts';
import { fault } from './length-field.ts';
import type { BytesIn } from '../codec.ts';
import type { VariableLengthField } from './length-field.ts';

const MASK = 0x80;
const IN_16_BITS = 126;
const IN_64_BITS = 127;

/**
 * The length of a WebSocket frame, from the second byte on: the mask bit with 7 bits of length, 16 or 64 more bits of it, and
 * the masking key. A length must take the fewest bytes. Written like a server's, without a mask. Source: RFC 6455, 5.2.
 */
export const websocketLength: VariableLengthField = {
  name: 'websocketLength',
  minBytes: 1,
  maxBytes: 13,
  max: Number.MAX_SAFE_INTEGER,
  measure(bytes, offset, end) {
    const lengthBytes = lengthBytesOf(bytes[offset]!);
    if (offset + lengthBytes > end) return 0;
    if (lengthBytes > 1 && readLength(bytes, offset) < (lengthBytes === 3 ? IN_16_BITS : 2 ** 16)) return -1;
    const total = lengthBytes + (bytes[offset]! >= MASK ? 4 : 0);
    return offset + total > end ? 0 : total;
  },
  faultOf(bytes, offset) {
    const length = readLength(bytes, offset);
    return fault('FRAME_ERR_MALFORMED_LENGTH', `a length of ${length} takes ${lengthBytesOf(bytes[offset]!)} bytes, more than it needs`);
  },
  read: readLength,
  byteLengthOf: (value) => (value < IN_16_BITS ? 1 : value < 2 ** 16 ? 3 : 9),
  write(bytes, offset, value) {
    if (value < IN_16_BITS) {
      bytes[offset] = value;
    } else if (value < 2 ** 16) {
      bytes[offset] = IN_16_BITS;
      u16be.write(bytes, offset + 1, value);
    } else {
      bytes[offset] = IN_64_BITS;
      u64be.write(bytes, offset + 1, value);
    }
  },
};

function lengthBytesOf(first: number): number {
  const short = first & 0x7f;
  return short < IN_16_BITS ? 1 : short === IN_16_BITS ? 3 : 9;
}

function readLength(bytes: BytesIn, offset: number): number {
  const short = bytes[offset]! & 0x7f;
  if (short < IN_16_BITS) return short;
  return short === IN_16_BITS ? u16be.read(bytes, offset + 1) : u64be.read(bytes, offset + 1);
}
