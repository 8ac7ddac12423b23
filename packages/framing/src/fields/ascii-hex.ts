import { checkedChoice } from '../choice.ts';
import { described } from '../described.ts';
import { isDigit, ZERO } from './digit.ts';
import { fault } from './length-field.ts';
import { printed } from './printed-byte.ts';
import type { BytesIn } from '../codec.ts';
import type { Fault, VariableLengthField } from './length-field.ts';

/** Options of {@link asciiHex}. */
export interface AsciiHexOptions {
  /** Which letters are written; both are read. @defaultValue 'lower' */
  readonly letters?: 'lower' | 'upper';
}

/**
 * A hexadecimal number of exactly `digits` ASCII digits: `000c`. For decimal ones, see `asciiDecimal`, which reads `0012` as 12.
 *
 * @throws RangeError when `digits` is not a whole number from 1 to 13, or `letters` is unknown.
 */
export function asciiHex(digits: number, { letters = 'lower' }: AsciiHexOptions = {}): VariableLengthField {
  checkedChoice('letters', letters, ['lower', 'upper']);
  if (!Number.isInteger(digits) || digits < 1 || digits > 13) {
    throw new RangeError(`digits of an asciiHex is ${digits}; allowed: whole numbers from 1 to 13`);
  }
  return described(new AsciiHex(digits, letters === 'upper'), () => ({ type: 'asciiHex', digits, letters }));
}

/** The value of a hexadecimal digit; −1 when it is none. */
function hexValue(byte: number): number {
  if (isDigit(byte)) return byte - ZERO;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

class AsciiHex implements VariableLengthField {
  readonly name = 'asciiHex';
  readonly isCanonical = false;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly max: number;
  readonly #isUpper: boolean;

  constructor(digits: number, isUpper: boolean) {
    this.#isUpper = isUpper;
    this.minBytes = digits;
    this.maxBytes = digits;
    this.max = Math.min(16 ** digits - 1, Number.MAX_SAFE_INTEGER);
  }

  measure(bytes: BytesIn, offset: number, end: number): number {
    const limit = Math.min(end, offset + this.maxBytes);
    for (let at = offset; at < limit; at++) if (hexValue(bytes[at]!) < 0) return -1;
    return limit - offset === this.maxBytes ? this.maxBytes : 0;
  }

  faultOf(bytes: BytesIn, offset: number, end: number): Fault {
    let at = offset;
    while (at < end && hexValue(bytes[at]!) >= 0) at++;
    return fault('FRAME_ERR_MALFORMED_LENGTH', `a length has ${printed(bytes[at]!)} where a hexadecimal digit is expected`);
  }

  read(bytes: BytesIn, offset: number, byteLength: number): number {
    let value = 0;
    for (let at = offset; at < offset + byteLength; at++) value = value * 16 + hexValue(bytes[at]!);
    return value;
  }

  byteLengthOf(): number {
    return this.maxBytes;
  }

  write(bytes: Uint8Array, offset: number, value: number): void {
    const lower = value.toString(16).padStart(this.maxBytes, '0');
    const digits = this.#isUpper ? lower.toUpperCase() : lower;
    for (let at = 0; at < digits.length; at++) bytes[offset + at] = digits.charCodeAt(at);
  }
}
