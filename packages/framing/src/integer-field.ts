import { FrameError } from './errors.ts';
import type { BytesIn } from './codec.ts';

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
   * Reads the number at `offset`, where `byteLength` bytes must be: this is not checked, decoders read it for every frame.
   * A 64-bit number beyond 2^53 − 1 comes out inexact, and larger than `max`.
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

// A read inside the chunk never misses; `!` keeps the hot reads free of a branch.
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

// Plain division: shifts wrap at 32 bits.
const writeBe =
  (byteLength: number): Write =>
  (bytes, offset, value) => {
    let rest = value;
    for (let at = offset + byteLength - 1; at >= offset; at--) {
      bytes[at] = rest & 0xff;
      rest = Math.floor(rest / 256);
    }
  };

const writeLe =
  (byteLength: number): Write =>
  (bytes, offset, value) => {
    let rest = value;
    for (let at = offset; at < offset + byteLength; at++) {
      bytes[at] = rest & 0xff;
      rest = Math.floor(rest / 256);
    }
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
        throw new FrameError('FRAME_ERR_TOO_LARGE', `${name} cannot hold ${value}, allowed are whole numbers from ${min} to ${max}`, {
          declared: value,
          limit: max,
        });
      }
      // A typed array drops what is written past its end without a word.
      if (offset < 0 || offset + byteLength > bytes.length) {
        throw new RangeError(`${name} needs ${byteLength} bytes at ${offset}, there are ${bytes.length}`);
      }
      write(bytes, offset, value);
    },
  };
}

const I32_MIN = -(2 ** 31);
const I32_MAX = 2 ** 31 - 1;

/** One byte, 0 to 255. */
export const u8: IntegerField = field('u8', 1, 0, 2 ** 8 - 1, readU8, writeBe(1));
/** Two bytes, big-endian. */
export const u16be: IntegerField = field('u16be', 2, 0, 2 ** 16 - 1, readU16be, writeBe(2));
/** Two bytes, little-endian. */
export const u16le: IntegerField = field('u16le', 2, 0, 2 ** 16 - 1, readU16le, writeLe(2));
/** Three bytes, big-endian. */
export const u24be: IntegerField = field('u24be', 3, 0, 2 ** 24 - 1, readU24be, writeBe(3));
/** Three bytes, little-endian. */
export const u24le: IntegerField = field('u24le', 3, 0, 2 ** 24 - 1, readU24le, writeLe(3));
/** Four bytes, big-endian: network byte order. */
export const u32be: IntegerField = field('u32be', 4, 0, 2 ** 32 - 1, readU32be, writeBe(4));
/** Four bytes, little-endian. */
export const u32le: IntegerField = field('u32le', 4, 0, 2 ** 32 - 1, readU32le, writeLe(4));
/** Four bytes, signed (two's complement), big-endian. */
export const i32be: IntegerField = field('i32be', 4, I32_MIN, I32_MAX, readI32be, writeBe(4));
/** Four bytes, signed (two's complement), little-endian: Python's `struct.pack('i', n)` on common machines. */
export const i32le: IntegerField = field('i32le', 4, I32_MIN, I32_MAX, readI32le, writeLe(4));
/** Eight bytes, big-endian; numbers to 2^53 − 1. */
export const u64be: IntegerField = field('u64be', 8, 0, Number.MAX_SAFE_INTEGER, readU64be, writeBe(8));
/** Eight bytes, little-endian; numbers to 2^53 − 1. */
export const u64le: IntegerField = field('u64le', 8, 0, Number.MAX_SAFE_INTEGER, readU64le, writeLe(8));
