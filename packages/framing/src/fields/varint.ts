import { checkedChoice } from '../choice.ts';
import { described } from '../described.ts';
import { fault } from './length-field.ts';
import type { BytesIn } from '../codec.ts';
import type { Fault, VariableLengthField } from './length-field.ts';

/** Options of {@link varint}. */
export interface VarintOptions {
  /** Most bytes, from 1 to 8. Five hold every 32-bit number. @defaultValue 5 */
  readonly maxBytes?: number;
  /**
   * Whether a number may take more bytes than it needs. Parsers may disagree on lengths with two spellings, so accept
   * them only from a peer that cannot do otherwise. @defaultValue 'reject'
   */
  readonly overlong?: 'reject' | 'accept';
}

/**
 * Unsigned LEB128: seven bits a byte, the lowest first; the high bit means that more follow. 300 is `ac 02`.
 * Source: Protocol Buffers encoding, "Base 128 Varints"; DWARF 5, 7.6.
 *
 * @throws RangeError when `maxBytes` is not a whole number from 1 to 8, or `overlong` is unknown.
 */
export function varint({ maxBytes = 5, overlong = 'reject' }: VarintOptions = {}): VariableLengthField {
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > 8) {
    throw new RangeError(`maxBytes of a varint is ${maxBytes}; allowed: whole numbers from 1 to 8`);
  }
  const field = new Varint('varint', maxBytes, checkedChoice('overlong', overlong, ['reject', 'accept']) === 'reject');
  return described(field, () => ({ type: 'varint', maxBytes, overlong }));
}

class Varint implements VariableLengthField {
  readonly name: string;
  readonly minBytes = 1;
  readonly maxBytes: number;
  readonly max: number;
  readonly isCanonical: boolean;
  readonly #refusesOverlong: boolean;

  constructor(name: string, maxBytes: number, refusesOverlong: boolean) {
    this.name = name;
    this.maxBytes = maxBytes;
    this.max = Math.min(2 ** (7 * maxBytes) - 1, Number.MAX_SAFE_INTEGER);
    this.#refusesOverlong = refusesOverlong;
    this.isCanonical = refusesOverlong;
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
      ? fault('FRAME_ERR_OVERLONG_VARINT', `${this.name} continues after ${this.maxBytes} bytes, which is the limit`)
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

/** The remaining length of MQTT: a varint of at most four bytes, up to 268,435,455. Source: MQTT 3.1.1, 2.2.3. */
export const mqttVarint: VariableLengthField = new Varint('mqttVarint', 4, true);
