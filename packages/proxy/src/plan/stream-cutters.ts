import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Cutter } from './batch.ts';

const CR = 0x0d;
const LF = 0x0a;
/** Most continuation bytes of one code point. */
const MOST_CONTINUATIONS = 3;

/** Pieces of these sizes, repeated, counted from the first byte of the stream, so that the cuts do not depend on the reads. */
export function sizesCutter(sizes: readonly number[]): Cutter {
  const [size = 1] = sizes;
  if (sizes.length === 1) return { next: ({ at, byteLength }, after) => Math.min(after + size - ((at + after) % size), byteLength) };
  let index = 0;
  let cut: number | undefined;
  return {
    next: ({ at, byteLength }, after) => {
      cut ??= at;
      while (cut <= at + after) cut += sizes[index++ % sizes.length]!;
      return Math.min(cut - at, byteLength);
    },
  };
}

/** Pieces of random sizes from `min` to `max`, counted from the first byte cut. The same seed gives the same pieces. */
export function randomCutter({ min, max }: { readonly min: number; readonly max: number }, seed: number): Cutter {
  const source = xoroshiro128plus(seed);
  let cut: number | undefined;
  return {
    next: ({ at, byteLength }, after) => {
      cut ??= at;
      while (cut <= at + after) cut += uniformInt(source, min, max);
      return Math.min(cut - at, byteLength);
    },
  };
}

/** Cuts at these offsets of the stream, in ascending order. */
export function offsetsCutter(offsets: readonly number[]): Cutter {
  let index = 0;
  return {
    next: ({ at, byteLength }, after) => {
      while (index < offsets.length && offsets[index]! <= at + after) index++;
      return Math.min((offsets[index] ?? Number.POSITIVE_INFINITY) - at, byteLength);
    },
  };
}

/** Cuts at every position inside each code point of two bytes or more. */
export function utf8Cutter(): Cutter {
  return {
    next: ({ memory, byteLength }, after) => {
      for (let place = after + 1; place < byteLength; place++) {
        if (isContinuation(memory[place]!) && isInsideCodePoint(memory, place)) return place;
      }
      return byteLength;
    },
  };
}

/** Searches backwards for the first byte of the code point. If it was sent with an earlier batch, these bytes count as its rest. */
function isInsideCodePoint(memory: Buffer, place: number): boolean {
  for (let back = 1; back <= MOST_CONTINUATIONS; back++) {
    if (back > place) return true;
    const byte = memory[place - back]!;
    if (!isContinuation(byte)) return codePointBytes(byte) > back;
  }
  return false;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Length in bytes of the code point that starts with this byte; 1 if none does. */
function codePointBytes(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xc2 && lead < 0xe0 ? 2 : 1;
}

/** Cuts between the CR and the LF of each line end, and between the two line ends of an empty line. */
export function crlfCutter(): Cutter {
  return {
    next: ({ memory, byteLength }, after) => {
      for (let place = after + 1; place < byteLength; place++) {
        const byte = memory[place];
        if (byte === LF && memory[place - 1] === CR) return place;
        if (byte === CR && memory[place - 1] === LF && memory[place - 2] === CR) return place;
      }
      return byteLength;
    },
  };
}
