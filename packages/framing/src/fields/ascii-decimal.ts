import { checkedChoice } from '../choice.ts';
import { described } from '../described.ts';
import { isDigit, ZERO } from './digit.ts';
import { FixedDecimal } from './fixed-decimal.ts';
import { fault } from './length-field.ts';
import { printed } from './printed-byte.ts';
import type { BytesIn } from '../codec.ts';
import type { Fault, VariableLengthField } from './length-field.ts';

/** Options of {@link asciiDecimal} for a number that ends with a character. */
export interface EndedDecimalOptions {
  /** The one ASCII character after the digits, itself no digit. */
  readonly end: string;
  /** Most digits, from 1 to 15. @defaultValue 10 */
  readonly maxDigits?: number;
  /**
   * Whether leading zeros are accepted, as in FIX's `9=0079`. A length then has several spellings, on which parsers may disagree;
   * none are written. @defaultValue 'reject'
   */
  readonly leadingZeros?: 'reject' | 'accept';
}

/** Options of {@link asciiDecimal} for a number of fixed width. */
export interface FixedDecimalOptions {
  /** Number of characters, from 1 to 15. */
  readonly digits: number;
  /** Padding before shorter numbers: zeros, as in `0005`, or blanks, as in `   5`. @defaultValue 'zero' */
  readonly pad?: 'zero' | 'blank';
}

/** Options of {@link asciiDecimal}. */
export type AsciiDecimalOptions = EndedDecimalOptions | FixedDecimalOptions;

/**
 * A decimal number in ASCII: ended by a character, as in `12:`, or of fixed width, as in `0012`. For hexadecimal ones, see
 * `asciiHex`, which reads `0012` as 18.
 *
 * @throws RangeError when `end` is not one ASCII character other than a digit, or `maxDigits` or `digits` not a whole number from 1 to 15.
 */
export function asciiDecimal(options: AsciiDecimalOptions): VariableLengthField {
  if ('digits' in options) return fixedDecimal(options);
  const { end, maxDigits = 10, leadingZeros = 'reject' } = options;
  const code = end.length === 1 ? end.charCodeAt(0) : Number.NaN;
  if (!(code < 0x80) || isDigit(code)) {
    throw new RangeError(`end of an asciiDecimal is ${JSON.stringify(end)}; allowed: one ASCII character other than a digit`);
  }
  checkDigits('maxDigits', maxDigits);
  const field = new AsciiDecimal(code, maxDigits, checkedChoice('leadingZeros', leadingZeros, ['reject', 'accept']) === 'reject');
  return described(field, () => ({ type: 'asciiDecimal', end, maxDigits, leadingZeros }));
}

function fixedDecimal({ digits, pad = 'zero' }: FixedDecimalOptions): VariableLengthField {
  checkDigits('digits', digits);
  const field = new FixedDecimal(digits, checkedChoice('pad', pad, ['zero', 'blank']) === 'blank');
  return described(field, () => ({ type: 'asciiDecimal', digits, pad }));
}

function checkDigits(name: string, digits: number): void {
  if (Number.isInteger(digits) && digits >= 1 && digits <= 15) return;
  throw new RangeError(`${name} of an asciiDecimal is ${digits}; allowed: whole numbers from 1 to 15`);
}

class AsciiDecimal implements VariableLengthField {
  readonly name = 'asciiDecimal';
  readonly minBytes = 2;
  readonly maxBytes: number;
  readonly max: number;
  readonly isCanonical: boolean;
  readonly #end: number;
  readonly #refusesZeros: boolean;

  constructor(end: number, maxDigits: number, refusesZeros: boolean) {
    this.#end = end;
    this.#refusesZeros = refusesZeros;
    this.isCanonical = refusesZeros;
    this.maxBytes = maxDigits + 1;
    this.max = 10 ** maxDigits - 1;
  }

  measure(bytes: BytesIn, offset: number, end: number): number {
    for (let at = offset; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === this.#end && at > offset) return at - offset + 1;
      const isAfterZero = this.#refusesZeros && at === offset + 1 && bytes[offset] === ZERO;
      if (!isDigit(byte) || isAfterZero || at - offset === this.maxBytes - 1) return -1;
    }
    return 0;
  }

  faultOf(bytes: BytesIn, offset: number, end: number): Fault {
    let at = offset;
    while (at < end && at - offset < this.maxBytes - 1 && isDigit(bytes[at]!)) at++;
    if (this.#refusesZeros && bytes[offset] === ZERO && at > offset + 1)
      return fault('FRAME_ERR_MALFORMED_LENGTH', 'a length has a leading zero');
    if (at < end && isDigit(bytes[at]!)) {
      return fault('FRAME_ERR_HEADER_TOO_LONG', `a length has more than ${this.maxBytes - 1} digits, which is the limit`);
    }
    const allowed = at === offset ? 'a digit' : `a digit or ${printed(this.#end)}`;
    return fault('FRAME_ERR_MALFORMED_LENGTH', `a length has ${printed(bytes[at]!)} where ${allowed} is expected`);
  }

  read(bytes: BytesIn, offset: number, byteLength: number): number {
    let value = 0;
    for (let at = offset; at < offset + byteLength - 1; at++) value = value * 10 + (bytes[at]! - ZERO);
    return value;
  }

  byteLengthOf(value: number): number {
    return String(value).length + 1;
  }

  write(bytes: Uint8Array, offset: number, value: number): void {
    const digits = String(value);
    for (let at = 0; at < digits.length; at++) bytes[offset + at] = digits.charCodeAt(at);
    bytes[offset + digits.length] = this.#end;
  }
}
