/** The middle one, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** `median (smallest–largest)`, each as `show` writes it; a dash of none, and when one of them could not be measured. */
export function spread(values: readonly number[], show: (value: number) => string): string {
  if (values.length === 0 || values.some(Number.isNaN)) return '–';
  return `${show(median(values))} (${show(Math.min(...values))}–${show(Math.max(...values))})`;
}

/** How many times the second number goes into the first, with two digits after the point; a dash when that is no number. */
export function ratio(one: number, other: number): string {
  return Number.isFinite(one / other) ? (one / other).toFixed(2) : '–';
}
