import type { Tally, Visitor } from './contender.ts';

/** How much is written before it is handed over: what one read of a Node socket takes at most. */
export const SLAB_BYTES = 65_536;

/** As short as an encoder of u32be gets: prefix and payload into a buffer, handed over when the next frame does not fit. */
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
