import type { Expectation } from '../../trial/compare.ts';
import type { FailureKind, Observation, Trial, Verdict } from '../../types.ts';

/** A trial with its verdict. */
export interface Judged {
  readonly trial: Trial;
  readonly verdict: Verdict;
  readonly observation: Observation;
  readonly expectation: Expectation;
  /** Whether the target accepted no more connections afterwards. */
  readonly isTargetGone?: boolean;
}

/** Failures that a dying target causes. */
const BROKEN: ReadonlySet<FailureKind> = new Set(['reset', 'closed']);

/** Whether the connection of a trial broke, so that the target may have died. */
export function isBroken({ verdict }: Judged): boolean {
  return verdict.kind === 'fail' && BROKEN.has(verdict.failure);
}
