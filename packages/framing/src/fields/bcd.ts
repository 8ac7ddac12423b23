import { described } from '../described.ts';
import { fault } from './length-field.ts';
import type { BytesIn } from '../codec.ts';
import type { Fault, VariableLengthField } from './length-field.ts';

/**
 * A decimal number in packed BCD, two digits a byte, the highest first: 125 in two bytes is `01 25`, as ISO 8583 writes lengths.
 *
 * @throws RangeError when `byteLength` is not a whole number from 1 to 7.
 */
export function bcd(byteLength: number): VariableLengthField {
  if (!Number.isInteger(byteLength) || byteLength < 1 || byteLength > 7) {
    throw new RangeError(`byteLength of a bcd is ${byteLength}; allowed: whole numbers from 1 to 7`);
  }
  return described(new Bcd(byteLength), () => ({ type: 'bcd', byteLength }));
}

class Bcd implements VariableLengthField {
  readonly name = 'bcd';
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly max: number;

  constructor(byteLength: number) {
    this.minBytes = byteLength;
    this.maxBytes = byteLength;
    this.max = 100 ** byteLength - 1;
  }

  measure(bytes: BytesIn, offset: number, end: number): number {
    const limit = Math.min(end, offset + this.maxBytes);
    for (let at = offset; at < limit; at++) if (!isPair(bytes[at]!)) return -1;
    return limit - offset === this.maxBytes ? this.maxBytes : 0;
  }

  faultOf(bytes: BytesIn, offset: number, end: number): Fault {
    let at = offset;
    while (at < end && isPair(bytes[at]!)) at++;
    const seen = `0x${bytes[at]!.toString(16).padStart(2, '0')}`;
    return fault('FRAME_ERR_MALFORMED_LENGTH', `a length has ${seen} where two decimal digits are expected`);
  }

  read(bytes: BytesIn, offset: number, byteLength: number): number {
    let value = 0;
    for (let at = offset; at < offset + byteLength; at++) value = value * 100 + (bytes[at]! >> 4) * 10 + (bytes[at]! & 0x0f);
    return value;
  }

  byteLengthOf(): number {
    return this.maxBytes;
  }

  write(bytes: Uint8Array, offset: number, value: number): void {
    let rest = value;
    for (let at = offset + this.maxBytes - 1; at >= offset; at--) {
      const pair = rest % 100;
      bytes[at] = (Math.floor(pair / 10) << 4) | (pair % 10);
      rest = Math.floor(rest / 100);
    }
  }
}

function isPair(byte: number): boolean {
  return byte >> 4 < 10 && (byte & 0x0f) < 10;
}
