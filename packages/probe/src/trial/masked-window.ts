import { commonEnd, firstDifference } from '../bytes/difference.ts';
import { applyMasks } from './masks.ts';
import type { Bytes } from '../types.ts';
import type { Mask } from './masks.ts';

/** So far around a difference a mask is looked for: longer than the headers and lines that it may begin or end in. */
const MARGIN_BYTES = 8192;

/**
 * Whether masks make two answers equal, seen from the bytes that differ alone: the same bytes before and behind them need no masking.
 * False also where it takes more to tell, as of a mask that matches more than some thousand bytes.
 *
 * @param first where they differ first.
 */
export function areEqualMasked(left: Bytes, right: Bytes, first: number, masks: readonly Mask[]): boolean {
  if (masks.length === 0) return false;
  const shorter = Math.min(left.length, right.length);
  if (shorter <= 2 * MARGIN_BYTES) return false;
  const start = Math.max(0, first - MARGIN_BYTES);
  const behind = Math.max(0, commonEnd(left, right, shorter - first) - MARGIN_BYTES);
  const [one, other] = [left, right].map((bytes) => applyMasks(bytes.subarray(start, bytes.length - behind), masks));
  return firstDifference(one!, other!) === undefined;
}
