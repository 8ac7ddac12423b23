import { ProbeError } from '../errors.ts';
import { framesOf } from '../exchange/frames.ts';
import { applyMasks, latin1 } from './masks.ts';
import type { Bytes } from '../types.ts';
import type { Mask } from './masks.ts';

/** The frames of an answer, and whether they may come in any order. */
export interface AnswerFrames {
  readonly framing: string;
  readonly isUnordered: boolean;
}

/** Longest answers whose frames are sorted, in bytes. */
const MAX_ORDERED_BYTES = 1_048_576;

/** Whether two different answers are the same frames in another order. Masked text counts as equal. */
export function areSameFrames(seen: Bytes, wanted: Bytes, framing: string, masks: readonly Mask[]): boolean {
  if (Math.max(seen.length, wanted.length) > MAX_ORDERED_BYTES) return false;
  const [left, right] = [seen, wanted].map((answer) => sortedFrames(answer, framing, masks));
  return left !== undefined && right !== undefined && left.length > 1 && left.join() === right.join();
}

function sortedFrames(answer: Bytes, framing: string, masks: readonly Mask[]): readonly string[] | undefined {
  try {
    return framesOf(answer, framing)
      .map(({ start, end }) => JSON.stringify(latin1(applyMasks(answer.subarray(start, end), masks))))
      .toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  } catch (error) {
    // A truncated answer, or another one, has no frames.
    if (!(error instanceof ProbeError)) throw error;
    return undefined;
  }
}
