import type { Cut } from '../types.ts';

/** Most places that are proposed for one cut. */
const MAX_PROPOSALS = 12;

/**
 * The places that explain more than `cut`, the simplest first: boundaries, then places next to one, then the others; among equals
 * the smaller offset. If there are many, those near the cut, the beginning, the middle and the byte before are proposed.
 */
export function simplerCuts(cut: Cut, landmarks: readonly Cut[]): readonly Cut[] {
  const known = new Set(landmarks);
  const rankOf = (place: Cut) => (known.has(place) ? 0 : known.has(place - 1) || known.has(place + 1) ? 1 : 2);
  const order = (left: Cut, right: Cut) => rankOf(left) - rankOf(right) || left - right;
  const near = landmarks.toSorted((left, right) => Math.abs(left - cut) - Math.abs(right - cut) || left - right).slice(0, 3);
  const proposed = [...landmarks.slice(0, 3), ...near, ...near.flatMap((place) => [place - 1, place + 1]), 1, Math.floor(cut / 2), cut - 1];
  const simpler = proposed.filter((place) => place > 0 && order(place, cut) < 0);
  return [...new Set(simpler)].toSorted(order).slice(0, MAX_PROPOSALS);
}
