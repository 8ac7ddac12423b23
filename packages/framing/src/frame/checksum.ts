import { checkedChoice } from '../choice.ts';
import { isInteger } from '../fields/length-field.ts';
import { u8, u32be } from '../fields/integer-field.ts';
import type { BytesIn } from '../codec.ts';
import type { IntegerField } from '../fields/integer-field.ts';

/** A number after the payload that tells whether bytes were changed on the way. It guards against faults, not against attackers. */
export interface Checksum {
  /** The usual short name. */
  readonly name: string;
  /** How the number is written. */
  readonly field: IntegerField;
  /** Whether it is taken over the payload, or over the header and the payload. Padding is never part of it. */
  readonly covers: 'payload' | 'headerAndPayload';
  /** The state before any byte. */
  readonly initial: number;
  /** The state after `bytes[start, end)`. */
  update(state: number, bytes: BytesIn, start: number, end: number): number;
  /** The number to write; it must fit the field. */
  finish(state: number): number;
}

/** Options of {@link crc32}, {@link sum} and {@link xor}. */
export interface ChecksumOptions {
  /** How the number is written. @defaultValue u32be for crc32, else u8 */
  readonly field?: IntegerField;
  /** What it is taken over. @defaultValue 'payload' */
  readonly covers?: 'payload' | 'headerAndPayload';
}

/**
 * CRC-32 as in Ethernet, zlib and PNG: `"123456789"` gives `cbf43926`. Source: IEEE 802.3, RFC 1952 section 8.
 *
 * @throws RangeError when the field does not hold 32 bits.
 */
export function crc32({ field = u32be, covers = 'payload' }: ChecksumOptions = {}): Checksum {
  if (field.min > 0 || field.max < 2 ** 32 - 1) throw new RangeError(`a ${field.name} field does not hold the 32 bits of crc32`);
  return {
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
}

const CRC_TABLE: Int32Array = Int32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** The sum of all bytes, modulo what the field holds. FIX adds up like this, modulo 256. */
export function sum({ field = u8, covers = 'payload' }: ChecksumOptions = {}): Checksum {
  const modulus = modulusOf(field, 'sum');
  return {
    name: 'sum',
    field,
    covers: checkedCovers(covers),
    initial: 0,
    update(state, bytes, start, end) {
      let total = state;
      for (let at = start; at < end; at++) total = (total + bytes[at]!) % modulus;
      return total;
    },
    finish: (state) => state,
  };
}

/** All bytes in exclusive or, as NMEA 0183 takes it. */
export function xor({ field = u8, covers = 'payload' }: ChecksumOptions = {}): Checksum {
  modulusOf(field, 'xor');
  return {
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
}

function modulusOf(field: IntegerField, name: string): number {
  if (!isInteger(field) || field.min < 0 || field.max > 2 ** 32 - 1) {
    throw new RangeError(`a ${field.name} field cannot hold a ${name}, allowed are unsigned ones of at most 32 bits`);
  }
  return field.max + 1;
}

function checkedCovers(covers: Checksum['covers']): Checksum['covers'] {
  return checkedChoice('covers', covers, ['payload', 'headerAndPayload']);
}
