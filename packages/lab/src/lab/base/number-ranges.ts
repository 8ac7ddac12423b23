/** Consecutive integers, both ends included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** The numbers from 0 to `count` - 1 that are not in `present`. */
export function missingRanges(present: ReadonlySet<number>, count: number): readonly NumberRange[] {
  const ranges: NumberRange[] = [];
  for (let number = 0; number < count; number++) {
    if (present.has(number)) continue;
    const first = number;
    while (number + 1 < count && !present.has(number + 1)) number++;
    ranges.push({ first, last: number });
  }
  return ranges;
}

/** Ranges as text: `3, 56-499`. */
export function describeRanges(ranges: readonly NumberRange[]): string {
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
