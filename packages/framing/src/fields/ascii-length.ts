import { fault } from './length-field.ts';
import type { BytesIn } from '../codec.ts';
import type { Fault, VariableLengthField } from './length-field.ts';

/** Options of {@link asciiDecimal}. */
export interface AsciiDecimalOptions {
  /** The one ASCII character after the digits, itself no digit. */
  readonly end: string;
  /** Most digits, from 1 to 15. @defaultValue 10 */
  readonly maxDigits?: number;
}

/**
 * A decimal number in ASCII, ended by one character: `12:`. A zero may not lead, so that a length has one spelling.
 *
 * @throws RangeError when `end` is not one ASCII character that is no digit, or `maxDigits` no whole number from 1 to 15.
 */
export function asciiDecimal({ end, maxDigits = 10 }: AsciiDecimalOptions): VariableLengthField {
  const code = end.length === 1 ? end.charCodeAt(0) : Number.NaN;
  if (!(code < 0x80) || isDigit(code)) {
    throw new RangeError(`end of an asciiDecimal is ${JSON.stringify(end)}, allowed is one ASCII character that is no digit`);
  }
  if (!Number.isInteger(maxDigits) || maxDigits < 1 || maxDigits > 15) {
    throw new RangeError(`maxDigits of an asciiDecimal is ${maxDigits}, allowed are whole numbers from 1 to 15`);
  }
  return new AsciiDecimal(code, maxDigits);
}

const ZERO = 0x30;

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

class AsciiDecimal implements VariableLengthField {
  readonly name = 'asciiDecimal';
  readonly minBytes = 2;
  readonly maxBytes: number;
  readonly max: number;
  readonly #end: number;

  constructor(end: number, maxDigits: number) {
    this.#end = end;
    this.maxBytes = maxDigits + 1;
    this.max = 10 ** maxDigits - 1;
  }

  measure(bytes: BytesIn, offset: number, end: number): number {
    for (let at = offset; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === this.#end && at > offset) return at - offset + 1;
      const isAfterZero = at === offset + 1 && bytes[offset] === ZERO;
      if (!isDigit(byte) || isAfterZero || at - offset === this.maxBytes - 1) return -1;
    }
    return 0;
  }

  faultOf(bytes: BytesIn, offset: number, end: number): Fault {
    let at = offset;
    while (at < end && at - offset < this.maxBytes - 1 && isDigit(bytes[at]!)) at++;
    if (bytes[offset] === ZERO && at > offset + 1) return fault('FRAME_ERR_MALFORMED_LENGTH', 'a zero leads the digits of a length');
    if (at < end && isDigit(bytes[at]!)) {
      return fault('FRAME_ERR_HEADER_TOO_LONG', `a length has more than ${this.maxBytes - 1} digits, which is the limit`);
    }
    const allowed = at === offset ? 'a digit' : `a digit or ${printed(this.#end)}`;
    return fault('FRAME_ERR_MALFORMED_LENGTH', `a length has ${printed(bytes[at]!)} where ${allowed} must stand`);
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

/**
 * A hexadecimal number of exactly `digits` ASCII digits, written in lower case, read in both: `000c`.
 *
 * @throws RangeError when `digits` is no whole number from 1 to 13.
 */
export function asciiHex(digits: number): VariableLengthField {
  if (!Number.isInteger(digits) || digits < 1 || digits > 13) {
    throw new RangeError(`digits of an asciiHex is ${digits}, allowed are whole numbers from 1 to 13`);
  }
  return new AsciiHex(digits);
}

/** The value of a hexadecimal digit; −1 when it is none. */
function hexValue(byte: number): number {
  if (isDigit(byte)) return byte - ZERO;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

class AsciiHex implements VariableLengthField {
  readonly name = 'asciiHex';
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly max: number;

  constructor(digits: number) {
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
    return fault('FRAME_ERR_MALFORMED_LENGTH', `a length has ${printed(bytes[at]!)} where a hexadecimal digit must stand`);
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
    const digits = value.toString(16).padStart(this.maxBytes, '0');
    for (let at = 0; at < digits.length; at++) bytes[offset + at] = digits.charCodeAt(at);
  }
}

/** A byte for a message: the character when it is printable. */
function printed(byte: number): string {
  const hex = `0x${byte.toString(16).padStart(2, '0')}`;
  return byte > 0x20 && byte < 0x7f ? `${JSON.stringify(String.fromCharCode(byte))} (${hex})` : hex;
}
