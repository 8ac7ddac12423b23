import { u64be } from './integer-field.ts';
import { fault } from './length-field.ts';
import type { VariableLengthField } from './length-field.ts';

const LONG = 0x02;
const MAX_SHORT = 0xff;

/**
 * The flags of a ZMTP frame and the length behind them: eight bits, or with the flag 2 sixty-four. Bits 3 to 7 of the flags are zeros. It is written with
 * no other flag. Source: ZMTP 3.1 (RFC 37/ZMTP), Framing.
 */
export const zmtpLength: VariableLengthField = {
  name: 'zmtpLength',
  minBytes: 2,
  maxBytes: 9,
  max: Number.MAX_SAFE_INTEGER,
  // A short length may be written long, too.
  isCanonical: false,
  measure(bytes, offset, end) {
    if (bytes[offset]! > 0x07) return -1;
    const width = (bytes[offset]! & LONG) === 0 ? 2 : 9;
    return offset + width > end ? 0 : width;
  },
  faultOf: (bytes, offset) => fault('FRAME_ERR_BAD_MAGIC', `flags 0x${bytes[offset]!.toString(16)}, of which bits 3 to 7 are zeros`),
  read: (bytes, offset, byteLength) => (byteLength === 2 ? bytes[offset + 1]! : u64be.read(bytes, offset + 1)),
  byteLengthOf: (value) => (value > MAX_SHORT ? 9 : 2),
  write(bytes, offset, value) {
    bytes[offset] = value > MAX_SHORT ? LONG : 0;
    if (value > MAX_SHORT) u64be.write(bytes, offset + 1, value);
    else bytes[offset + 1] = value;
  },
};
