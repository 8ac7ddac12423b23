import type { Bytes } from '../types.ts';

/** Blocks of this size are compared as a whole, and only the one that differs byte by byte. */
const BLOCK_BYTES = 16_384;

/** Offset of the first difference, or the length of the shorter one when it is a prefix of the other; undefined for equal bytes. */
export function firstDifference(left: Bytes, right: Bytes): number | undefined {
  const shared = Math.min(left.length, right.length);
  for (let start = 0; start < shared; start += BLOCK_BYTES) {
    const end = Math.min(start + BLOCK_BYTES, shared);
    if (Buffer.compare(left.subarray(start, end), right.subarray(start, end)) === 0) continue;
    for (let at = start; at < end; at++) if (left[at] !== right[at]) return at;
  }
  return left.length === right.length ? undefined : shared;
}

/** Length of the common suffix of two runs of bytes, at most `most`. */
export function commonEnd(left: Bytes, right: Bytes, most: number): number {
  let common = 0;
  while (common < most) {
    const size = Math.min(BLOCK_BYTES, most - common);
    const isEqual = Buffer.compare(endOf(left, common, size), endOf(right, common, size)) === 0;
    if (!isEqual) break;
    common += size;
  }
  while (common < most && left[left.length - 1 - common] === right[right.length - 1 - common]) common++;
  return common;
}

function endOf(bytes: Bytes, before: number, size: number): Bytes {
  return bytes.subarray(bytes.length - before - size, bytes.length - before);
}
