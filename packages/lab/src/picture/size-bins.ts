/** How many of some sizes lie between two. */
export interface SizeBin {
  readonly from: number;
  /** The largest size in it. */
  readonly to: number;
  readonly count: number;
}

/** Most bins of a histogram. */
export const MAX_BINS = 12;

/** Counts sizes: each by itself while there are few different ones, else by powers of two, or of a power of two. */
export function sizeBins(sizes: readonly number[]): readonly SizeBin[] {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  const each = [...counts].toSorted(([one], [other]) => one - other).map(([size, count]) => ({ from: size, to: size, count }));
  let bins = each;
  for (let bits = 1; bins.length > MAX_BINS; bits++) bins = byPowers(each, bits);
  return bins;
}

function byPowers(each: readonly SizeBin[], bits: number): SizeBin[] {
  const counts = new Map<number, number>();
  for (const { from, count } of each) {
    const power = from === 0 ? -1 : Math.floor(Math.floor(Math.log2(from)) / bits);
    counts.set(power, (counts.get(power) ?? 0) + count);
  }
  return [...counts].map(([power, count]) => ({
    from: power < 0 ? 0 : 2 ** (power * bits),
    to: power < 0 ? 0 : 2 ** ((power + 1) * bits) - 1,
    count,
  }));
}
