import { checkedChoice } from '../choice.ts';
import { described } from '../described.ts';
import { u8, u32be } from '../fields/integer-field.ts';
import { isFixedWidth, isInteger } from '../fields/length-field.ts';
import type { BytesIn } from '../codec.ts';
import type { LengthField } from '../fields/length-field.ts';

/** A number after the payload that detects changed bytes. It protects against faults, not against attackers. */
export interface Checksum {
  /** The usual short name. */
  readonly name: string;
  /** How the number is written: a field of fixed width. */
  readonly field: LengthField;
  /** The bytes that it covers. */
  readonly covers: Covers;
  /** The state before any byte. */
  readonly initial: number;
  /** The state after `bytes[start, end)`. */
  update(state: number, bytes: BytesIn, start: number, end: number): number;
  /** The number to write; it must fit the field. */
  finish(state: number): number;
}

/**
 * The bytes that a checksum covers: the payload, the header and the payload, or what lies between two parts of the header, both
 * included, by their names; without `to`, up to the end of the payload. Padding is never covered.
 */
export type Covers = 'payload' | 'headerAndPayload' | { readonly from: string; readonly to?: string };

/** Options of {@link crc32} and {@link xor}. */
export interface ChecksumOptions {
  /** How the number is written: a field of fixed width. @defaultValue u32be for crc32, u16be for crc16, else u8 */
  readonly field?: LengthField;
  /** The bytes that it covers. @defaultValue 'payload' */
  readonly covers?: Covers;
}

/** Options of {@link sum}. */
export interface SumOptions extends ChecksumOptions {
  /** The sum is taken modulo this. @defaultValue the range of the field */
  readonly modulus?: number;
  /** Whether the number is the two's complement of the sum, as the LRC of Modbus ASCII is. @defaultValue false */
  readonly negate?: boolean;
}

/**
 * CRC-32 as in Ethernet, zlib and PNG: `"123456789"` gives `cbf43926`. Source: IEEE 802.3, RFC 1952 section 8.
 *
 * @throws RangeError when the field does not hold 32 bits.
 */
export function crc32({ field = u32be, covers = 'payload' }: ChecksumOptions = {}): Checksum {
  checkHolds(field, 32, 'crc32');
  const checksum: Checksum = {
    name: 'crc32',
    field,
    covers: checkedCovers(covers),
    initial: -1,
    update(state, bytes, start, end) {
      let crc = state;
      for (let at = start; at < end; at++) crc = CRC_TABLE[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
      return crc;
    },
    finish: (state) => ~state >>> 0,
  };
  return described(checksum, () => ({ checksum: 'crc32' }));
}

const CRC_TABLE: Int32Array = Int32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * The sum of all bytes, modulo the range of the field, or `modulus`. FIX uses it modulo 256, in three decimal digits.
 *
 * @throws RangeError when the field cannot hold numbers up to the modulus, or the modulus is not a whole number from 2 on.
 */
export function sum({ field = u8, covers = 'payload', modulus: chosen, negate = false }: SumOptions = {}): Checksum {
  const largest = modulusOf(field, 'sum');
  const modulus = chosen ?? largest;
  if (!Number.isSafeInteger(modulus) || modulus < 2 || modulus > largest) {
    throw new RangeError(`modulus of a sum in a ${field.name} field is ${modulus}; allowed: whole numbers from 2 to ${largest}`);
  }
  checkedChoice('negate', negate, [true, false]);
  const checksum: Checksum = {
    name: 'sum',
    field,
    covers: checkedCovers(covers),
    initial: 0,
    update(state, bytes, start, end) {
      let total = state;
      for (let at = start; at < end; at++) total = (total + bytes[at]!) % modulus;
      return total;
    },
    finish: (state) => (negate ? (modulus - state) % modulus : state),
  };
  return described(checksum, () => ({ checksum: 'sum', modulus, negate }));
}

/** The exclusive or of all bytes, as in NMEA 0183. */
export function xor({ field = u8, covers = 'payload' }: ChecksumOptions = {}): Checksum {
  modulusOf(field, 'xor');
  const checksum: Checksum = {
    name: 'xor',
    field,
    covers: checkedCovers(covers),
    initial: 0,
    update(state, bytes, start, end) {
      let mixed = state;
      for (let at = start; at < end; at++) mixed ^= bytes[at]!;
      return mixed;
    },
    finish: (state) => state,
  };
  return described(checksum, () => ({ checksum: 'xor' }));
}

/**
 * Checks that a field can hold all numbers of `bits` bits.
 *
 * @throws RangeError when it cannot.
 */
export function checkHolds(field: LengthField, bits: number, name: string): void {
  if (minOf(field) > 0 || field.max < 2 ** bits - 1)
    throw new RangeError(`a ${field.name} field does not hold the ${bits} bits of ${name}`);
}

function minOf(field: LengthField): number {
  return isInteger(field) ? field.min : 0;
}

function modulusOf(field: LengthField, name: string): number {
  if (!isFixedWidth(field) || minOf(field) < 0 || field.max > 2 ** 32 - 1) {
    throw new RangeError(`a ${field.name} field cannot hold a ${name}; allowed: unsigned ones of at most 32 bits`);
  }
  return field.max + 1;
}

/**
 * Checks the `covers` option of a checksum.
 *
 * @throws RangeError when it is neither a known word nor `{ from, to }` of names.
 */
export function checkedCovers(covers: Covers): Covers {
  const isRange = typeof covers === 'object' && covers !== null && typeof covers.from === 'string';
  if (isRange && ['string', 'undefined'].includes(typeof covers.to)) return { ...covers };
  return checkedChoice<Covers>('covers', covers, ['payload', 'headerAndPayload']);
}
