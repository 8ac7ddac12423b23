import type { Bytes } from '@socklab/framing';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Largest seed; the smallest is 0. */
export const MAX_SEED = 0xffff_ffff;

/** The seed of a run that is told none. */
export const DEFAULT_SEED = 1;

/** What a run draws. The same seed draws the same, in the same order, on every machine. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  bytes(byteLength: number): Bytes;
  /** One of them; there has to be one. */
  pick<Value>(values: readonly Value[]): Value;
}

/** Makes the {@link Random} of a seed, a whole number from 0 to {@link MAX_SEED}. */
export function createRandom(seed: number): Random {
  const source = xoroshiro128plus(seed);
  const integer = (min: number, max: number): number => uniformInt(source, min, max);
  return {
    integer,
    bytes: (byteLength) => Uint8Array.from({ length: byteLength }, () => integer(0, 255)),
    pick: (values) => values[integer(0, values.length - 1)]!,
  };
}
