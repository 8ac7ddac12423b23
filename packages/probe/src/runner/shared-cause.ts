import { BUGS } from '../diagnosis/bugs.ts';
import type { Diagnosis } from '../types.ts';

/** Added to failures of a target on which connections leave a state that breaks others. */
export const SPOILT =
  'afterwards even the unsplit exchange went wrong on a new connection: what one connection leaves behind reaches others';

const MIXED = 'the beginning of a request on another connection is enough to change the answer, and without another nothing goes wrong';

const FOREIGN = 'answers have the number {{trial}} of another connection';

/**
 * The cause of failures that is not a cut: connections that leave a state which breaks others, bytes that connections share, answers with the number
 * of another connection, or company, without which nothing fails, as with a counter that clients share by design.
 */
export type SharedCause = 'left-behind' | 'bytes' | 'numbers' | 'company';

/** The bug of a cause. The pattern of the failures would mislead: trials failed because of others. */
export function sharedBetween(cause: SharedCause): Diagnosis {
  const bug = 'shared-between-connections';
  if (cause === 'numbers') return { bug, confidence: 'certain', sentence: BUGS[bug], evidence: FOREIGN };
  if (cause === 'left-behind') return { bug, confidence: 'likely', sentence: BUGS[bug], evidence: SPOILT };
  return { bug, confidence: 'certain', sentence: BUGS[bug], evidence: MIXED };
}
