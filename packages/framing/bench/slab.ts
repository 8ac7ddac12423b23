import type { Tally, Visitor } from './contender.ts';

/** How much is written before it is flushed: the most that one read of a Node socket brings. */
export const SLAB_BYTES = 65_536;

/** The shortest possible encoder of u32be: prefix and payload into a buffer, flushed when the next frame does not fit. */
export function fillByHand(
  payloads: readonly Uint8Array[],
  written: Visitor['written'],
  nextSlab: (byteLength: number) => Uint8Array,
): Tally {
  let sum = 0;
  let end = 0;
  let slab = nextSlab(SLAB_BYTES);
  for (const payload of payloads) {
    const { length } = payload;
    if (end + 4 + length > slab.length) {
      sum += written(slab.subarray(0, end));
      slab = nextSlab(Math.max(SLAB_BYTES, 4 + length));
      end = 0;
    }
    slab[end] = length >>> 24;
    slab[end + 1] = length >>> 16;
    slab[end + 2] = length >>> 8;
    slab[end + 3] = length;
    slab.set(payload, end + 4);
    end += 4 + length;
  }
  sum += written(slab.subarray(0, end));
  return { frames: payloads.length, sum };
}
