const NUMBERS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number with commas: `1,234,567`. */
export function formatCount(count: number): string {
  return NUMBERS.format(count);
}

/** Three digits, more before the point: `1.23`, `12.3`, `123`, `1,234`; `0` for nothing. */
export function threeDigits(value: number): string {
  if (value >= 100 || value === 0) return formatCount(value);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
