import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws whole numbers, both ends included. The same seed and place give the same numbers on every machine. */
export type Draw = (min: number, max: number) => number;

/** A separate source for each place, so that the trials of one plan can be made in any order and on any machine. */
export function drawAt(seed: number, place: number): Draw {
  const source = xoroshiro128plus(mix(mix(seed) ^ place));
  return (min, max) => uniformInt(source, min, max);
}

/** Spreads neighbouring numbers over all 32 bits. Source: MurmurHash3, the finalizer of its 32-bit form. */
export function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
