/** The median: the middle value, or the mean of the two in the middle; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** `median (smallest–largest)`, each formatted by `show`; a dash for none, and when one of them could not be measured. */
export function spread(values: readonly number[], show: (value: number) => string): string {
  if (values.length === 0 || values.some(Number.isNaN)) return '–';
  return `${show(median(values))} (${show(Math.min(...values))}–${show(Math.max(...values))})`;
}

/** The ratio of the two numbers, with two decimals; a dash when it is not a number. */
export function ratio(one: number, other: number): string {
  return Number.isFinite(one / other) ? (one / other).toFixed(2) : '–';
}
