import { isDigit, ZERO } from './digit.ts';
import { fault } from './length-field.ts';
import { printed } from './printed-byte.ts';
import type { BytesIn } from '../codec.ts';
import type { Fault, VariableLengthField } from './length-field.ts';

const BLANK = 0x20;

/** A decimal number of a fixed number of ASCII characters, with leading zeros or blanks. */
export class FixedDecimal implements VariableLengthField {
  readonly name = 'asciiDecimal';
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly max: number;
  readonly isCanonical: boolean;
  readonly #isBlank: boolean;

  constructor(digits: number, isBlank: boolean) {
    this.minBytes = digits;
    this.maxBytes = digits;
    this.max = 10 ** digits - 1;
    this.#isBlank = isBlank;
    this.isCanonical = !isBlank;
  }

  measure(bytes: BytesIn, offset: number, end: number): number {
    const limit = Math.min(end, offset + this.maxBytes);
    for (let at = this.#afterBlanks(bytes, offset, limit); at < limit; at++) if (!isDigit(bytes[at]!)) return -1;
    return limit - offset === this.maxBytes ? this.maxBytes : 0;
  }

  faultOf(bytes: BytesIn, offset: number, end: number): Fault {
    let at = this.#afterBlanks(bytes, offset, end);
    while (at < end && isDigit(bytes[at]!)) at++;
    return fault('FRAME_ERR_MALFORMED_LENGTH', `a length has ${printed(bytes[at]!)} where a decimal digit is expected`);
  }

  read(bytes: BytesIn, offset: number, byteLength: number): number {
    let value = 0;
    const end = offset + byteLength;
    for (let at = this.#afterBlanks(bytes, offset, end); at < end; at++) value = value * 10 + (bytes[at]! - ZERO);
    return value;
  }

  byteLengthOf(): number {
    return this.maxBytes;
  }

  write(bytes: Uint8Array, offset: number, value: number): void {
    const digits = String(value).padStart(this.maxBytes, this.#isBlank ? ' ' : '0');
    for (let at = 0; at < digits.length; at++) bytes[offset + at] = digits.charCodeAt(at);
  }

  /** Where the digits start: the last character is always one. */
  #afterBlanks(bytes: BytesIn, offset: number, end: number): number {
    if (!this.#isBlank) return offset;
    const last = Math.min(end, offset + this.maxBytes - 1);
    let at = offset;
    while (at < last && bytes[at] === BLANK) at++;
    return at;
  }
}
