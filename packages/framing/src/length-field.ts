import { FrameError } from './errors.ts';
import type { BytesIn } from './codec.ts';
import type { FrameErrorCode } from './errors.ts';
import type { IntegerField } from './integer-field.ts';

/** What is wrong with bytes, before anybody knows where in the stream they are. */
export interface Fault {
  readonly code: FrameErrorCode;
  readonly message: string;
}

/** A {@link Fault} of `code`. */
export function fault(code: FrameErrorCode, message: string): Fault {
  return { code, message };
}

/** A length whose width on the wire depends on its value, or that not every byte can stand in. */
export interface VariableLengthField {
  /** The usual short name. */
  readonly name: string;
  /** Fewest bytes it takes. */
  readonly minBytes: number;
  /** Most bytes it takes. */
  readonly maxBytes: number;
  /** Largest number it can hold. The smallest is 0. */
  readonly max: number;
  /**
   * How many bytes the field at `offset` takes, when it ends at or before `end`; 0 when it goes on; −1 when the bytes that
   * are there cannot begin a field. The answer −1 must depend on the first bytes that are wrong, not on how many follow.
   */
  measure(bytes: BytesIn, offset: number, end: number): number;
  /** What is wrong, after `measure` returned −1. */
  faultOf(bytes: BytesIn, offset: number, end: number): Fault;
  /** Reads the number, after `measure` returned `byteLength`. Beyond 2^53 − 1 it may be inexact. */
  read(bytes: BytesIn, offset: number, byteLength: number): number;
  /** How many bytes `value`, from 0 to `max`, takes. */
  byteLengthOf(value: number): number;
  /** Writes `value`, from 0 to `max`, at `offset`, where `byteLengthOf(value)` bytes must be. */
  write(bytes: Uint8Array, offset: number, value: number): void;
}

/** Anything that can say how long a payload is. */
export type LengthField = IntegerField | VariableLengthField;

/** Whether `field` takes the same bytes for every value, all of which are allowed. */
export function isInteger(field: LengthField): field is IntegerField {
  return 'byteLength' in field;
}

/** Options of {@link varint}. */
export interface VarintOptions {
  /** Most bytes, from 1 to 8. Five hold every 32-bit number. @defaultValue 5 */
  readonly maxBytes?: number;
  /**
   * Whether a number may take more bytes than it needs. Two spellings of one length are how parsers come to disagree, so
   * only read them from a peer that cannot do otherwise. @defaultValue 'reject'
   */
  readonly overlong?: 'reject' | 'accept';
}

/**
 * Unsigned LEB128: seven bits a byte, the lowest first; the high bit says that more follow. 300 is `ac 02`.
 * Source: Protocol Buffers encoding, "Base 128 Varints"; DWARF 5, 7.6.
 *
 * @throws RangeError when `maxBytes` is no whole number from 1 to 8.
 */
export function varint({ maxBytes = 5, overlong = 'reject' }: VarintOptions = {}): VariableLengthField {
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > 8) {
    throw new RangeError(`maxBytes of a varint is ${maxBytes}, allowed are whole numbers from 1 to 8`);
  }
  return new Varint('varint', maxBytes, overlong === 'reject');
}

class Varint implements VariableLengthField {
  readonly name: string;
  readonly minBytes = 1;
  readonly maxBytes: number;
  readonly max: number;
  readonly #refusesOverlong: boolean;

  constructor(name: string, maxBytes: number, refusesOverlong: boolean) {
    this.name = name;
    this.maxBytes = maxBytes;
    this.max = Math.min(2 ** (7 * maxBytes) - 1, Number.MAX_SAFE_INTEGER);
    this.#refusesOverlong = refusesOverlong;
  }

  measure(bytes: BytesIn, offset: number, end: number): number {
    const limit = Math.min(end, offset + this.maxBytes);
    for (let at = offset; at < limit; at++) {
      const byte = bytes[at]!;
      if (byte > 0x7f) continue;
      return byte === 0 && at > offset && this.#refusesOverlong ? -1 : at - offset + 1;
    }
    return limit - offset === this.maxBytes ? -1 : 0;
  }

  faultOf(bytes: BytesIn, offset: number, end: number): Fault {
    const limit = Math.min(end, offset + this.maxBytes);
    let at = offset;
    while (at < limit && bytes[at]! > 0x7f) at++;
    return at === limit
      ? fault('FRAME_ERR_OVERLONG_VARINT', `${this.name} goes on after ${this.maxBytes} bytes, which is the limit`)
      : fault('FRAME_ERR_OVERLONG_VARINT', `${this.name} ends in a byte of 0, so it is longer than its number needs`);
  }

  read(bytes: BytesIn, offset: number, byteLength: number): number {
    let value = 0;
    for (let at = offset + byteLength - 1; at >= offset; at--) value = value * 128 + (bytes[at]! & 0x7f);
    return value;
  }

  byteLengthOf(value: number): number {
    let byteLength = 1;
    for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) byteLength++;
    return byteLength;
  }

  write(bytes: Uint8Array, offset: number, value: number): void {
    let at = offset;
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 0x80;
    bytes[at] = rest;
  }
}

/** The remaining length of MQTT: a varint of at most four bytes, so up to 268,435,455. Source: MQTT 3.1.1, 2.2.3. */
export const mqttVarint: VariableLengthField = new Varint('mqttVarint', 4, true);

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

/** Throws when `value` does not fit `field`. For the encoder, which checks before it writes. */
export function checkFits(field: LengthField, value: number): void {
  const min = isInteger(field) ? field.min : 0;
  if (Number.isInteger(value) && value >= min && value <= field.max) return;
  throw new FrameError('FRAME_ERR_TOO_LARGE', `${field.name} cannot hold ${value}, allowed are whole numbers from ${min} to ${field.max}`, {
    declared: value,
    limit: field.max,
  });
}
