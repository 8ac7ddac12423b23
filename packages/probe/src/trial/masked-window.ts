import { commonEnd, firstDifference } from '../bytes/difference.ts';
import { applyMasks } from './masks.ts';
import type { Bytes } from '../types.ts';
import type { Mask } from './masks.ts';

/** How far around a difference masks are searched for: longer than the headers and lines that they may begin or end in. */
const MARGIN_BYTES = 8192;

/**
 * Whether masks make two answers equal, examining only the differing bytes: equal bytes before and after them need no masking.
 * Also false when it takes more to tell, for example for a mask that matches more than some thousand bytes.
 *
 * @param first offset of the first difference.
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
