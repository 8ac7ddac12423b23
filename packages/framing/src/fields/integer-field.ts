import { described } from '../described.ts';
import { FrameError } from '../errors.ts';
import type { BytesIn } from '../codec.ts';

/** A whole number on the wire: its width, its range, and how to read and write it. */
export interface IntegerField {
  /** The usual short name: `u16be` is unsigned, 16 bits, big-endian. */
  readonly name: string;
  /** Width, in bytes. */
  readonly byteLength: number;
  /** Smallest number it can hold. */
  readonly min: number;
  /** Largest number it can hold exactly: for 64 bits that is 2^53 − 1. */
  readonly max: number;
  /**
   * Reads the number at `offset`, where `byteLength` bytes must be: unchecked, as decoders read it for every frame. A
   * 64-bit number beyond 2^53 − 1 is inexact, and larger than `max`.
   */
  read(bytes: BytesIn, offset: number): number;
  /**
   * Writes `value` at `offset`.
   *
   * @throws FrameError `FRAME_ERR_TOO_LARGE` when `value` is not a whole number from `min` to `max`: a number that
   * wraps around would let payload bytes be read as frames.
   * @throws RangeError when it would not lie inside `bytes`.
   */
  write(bytes: BytesIn, offset: number, value: number): void;
}

type Read = (bytes: BytesIn, offset: number) => number;
type Write = (bytes: BytesIn, offset: number, value: number) => void;

// Reads are inside the chunk; `!` avoids a branch in the hot path.
const readU8: Read = (b, o) => b[o]!;
const readU16be: Read = (b, o) => (b[o]! << 8) | b[o + 1]!;
const readU16le: Read = (b, o) => b[o]! | (b[o + 1]! << 8);
const readU24be: Read = (b, o) => (b[o]! << 16) | (b[o + 1]! << 8) | b[o + 2]!;
const readU24le: Read = (b, o) => b[o]! | (b[o + 1]! << 8) | (b[o + 2]! << 16);
const readI32be: Read = (b, o) => (b[o]! << 24) | readU24be(b, o + 1);
const readI32le: Read = (b, o) => readU24le(b, o) | (b[o + 3]! << 24);
const readU32be: Read = (b, o) => readI32be(b, o) >>> 0;
const readU32le: Read = (b, o) => readI32le(b, o) >>> 0;
const readU64be: Read = (b, o) => readU32be(b, o) * 2 ** 32 + readU32be(b, o + 4);
const readU64le: Read = (b, o) => readU32le(b, o + 4) * 2 ** 32 + readU32le(b, o);

const readI8: Read = (b, o) => (b[o]! << 24) >> 24;
const readI16be: Read = (b, o) => (readU16be(b, o) << 16) >> 16;
const readI16le: Read = (b, o) => (readU16le(b, o) << 16) >> 16;

// Storing to a Uint8Array keeps the low eight bits, so no mask is needed.
const writeU8: Write = (b, o, v) => {
  b[o] = v;
};
const writeU16be: Write = (b, o, v) => {
  b[o] = v >>> 8;
  b[o + 1] = v;
};
const writeU16le: Write = (b, o, v) => {
  b[o] = v;
  b[o + 1] = v >>> 8;
};
const writeU24be: Write = (b, o, v) => {
  b[o] = v >>> 16;
  writeU16be(b, o + 1, v);
};
const writeU24le: Write = (b, o, v) => {
  writeU16le(b, o, v);
  b[o + 2] = v >>> 16;
};
const writeU32be: Write = (b, o, v) => {
  b[o] = v >>> 24;
  writeU24be(b, o + 1, v);
};
const writeU32le: Write = (b, o, v) => {
  writeU24le(b, o, v);
  b[o + 3] = v >>> 24;
};
// Shifts wrap at 32 bits, so the upper half comes from a division.
const writeU64be: Write = (b, o, v) => {
  writeU32be(b, o, Math.floor(v / 2 ** 32));
  writeU32be(b, o + 4, v);
};
const writeU64le: Write = (b, o, v) => {
  writeU32le(b, o, v);
  writeU32le(b, o + 4, Math.floor(v / 2 ** 32));
};

function field(name: string, byteLength: number, min: number, max: number, read: Read, write: Write): IntegerField {
  return {
    name,
    byteLength,
    min,
    max,
    read,
    write(bytes, offset, value) {
      if (!Number.isInteger(value) || value < min || value > max) {
        throw new FrameError('FRAME_ERR_TOO_LARGE', `${name} cannot hold ${value}; allowed: whole numbers from ${min} to ${max}`, {
          declared: value,
          limit: max,
        });
      }
      // A typed array silently drops what is written past its end.
      if (offset < 0 || offset + byteLength > bytes.length) {
        throw new RangeError(`${name} needs ${byteLength} bytes at ${offset}, there are ${bytes.length}`);
      }
      write(bytes, offset, value);
    },
  };
}

/**
 * `integer` that refuses numbers below `min`: TPKT's length is a `u16be` of at least 7.
 *
 * @throws RangeError when `min` is not a whole number that the field can hold.
 */
export function atLeast(integer: IntegerField, min: number): IntegerField {
  if (!Number.isSafeInteger(min) || min < integer.min || min > integer.max) {
    throw new RangeError(`at least ${min} in a ${integer.name} field; allowed: whole numbers from ${integer.min} to ${integer.max}`);
  }
  return described({ ...integer, min }, () => ({ type: integer.name, min }));
}

const I32_MIN = -(2 ** 31);
const I32_MAX = 2 ** 31 - 1;

/** One byte, 0 to 255. */
export const u8: IntegerField = field('u8', 1, 0, 2 ** 8 - 1, readU8, writeU8);
/** Two bytes, big-endian. */
export const u16be: IntegerField = field('u16be', 2, 0, 2 ** 16 - 1, readU16be, writeU16be);
/** Two bytes, little-endian. */
export const u16le: IntegerField = field('u16le', 2, 0, 2 ** 16 - 1, readU16le, writeU16le);
/** Three bytes, big-endian. */
export const u24be: IntegerField = field('u24be', 3, 0, 2 ** 24 - 1, readU24be, writeU24be);
/** Three bytes, little-endian. */
export const u24le: IntegerField = field('u24le', 3, 0, 2 ** 24 - 1, readU24le, writeU24le);
/** Four bytes, big-endian: network byte order. */
export const u32be: IntegerField = field('u32be', 4, 0, 2 ** 32 - 1, readU32be, writeU32be);
/** Four bytes, little-endian. */
export const u32le: IntegerField = field('u32le', 4, 0, 2 ** 32 - 1, readU32le, writeU32le);
/** One byte, signed (two's complement), −128 to 127. */
export const i8: IntegerField = field('i8', 1, -(2 ** 7), 2 ** 7 - 1, readI8, writeU8);
/** Two bytes, signed (two's complement), big-endian. */
export const i16be: IntegerField = field('i16be', 2, -(2 ** 15), 2 ** 15 - 1, readI16be, writeU16be);
/** Two bytes, signed (two's complement), little-endian. */
export const i16le: IntegerField = field('i16le', 2, -(2 ** 15), 2 ** 15 - 1, readI16le, writeU16le);
/** Four bytes, signed (two's complement), big-endian. */
export const i32be: IntegerField = field('i32be', 4, I32_MIN, I32_MAX, readI32be, writeU32be);
/** Four bytes, signed (two's complement), little-endian: Python's `struct.pack('i', n)` on common machines. */
export const i32le: IntegerField = field('i32le', 4, I32_MIN, I32_MAX, readI32le, writeU32le);
/** Eight bytes, big-endian; numbers to 2^53 − 1. */
export const u64be: IntegerField = field('u64be', 8, 0, Number.MAX_SAFE_INTEGER, readU64be, writeU64be);
/** Eight bytes, little-endian; numbers to 2^53 − 1. */
export const u64le: IntegerField = field('u64le', 8, 0, Number.MAX_SAFE_INTEGER, readU64le, writeU64le);
