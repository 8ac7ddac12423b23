import type { Outcome, VerdictKind } from '../types.ts';
import type { ControlSummary } from './model.ts';

/**
 * The outcome of a campaign. After a failed or flaky control nothing was learnt; a confirmed failure counts more than one that
 * did not repeat; and a single unconfirmed trial withholds `pass`.
 */
export function outcomeOf(control: Pick<ControlSummary, 'kind'>, totals: Readonly<Record<VerdictKind, number>>): Outcome {
  if (control.kind === 'failed') return 'control-failed';
  if (control.kind === 'flaky') return 'flaky';
  if (totals.fail > 0) return 'fail';
  if (totals.flaky > 0) return 'flaky';
  return totals.unconfirmed > 0 ? 'unconfirmed' : 'pass';
}

const EXIT_CODES: Readonly<Record<Outcome, number>> = { pass: 0, fail: 1, unconfirmed: 3, 'control-failed': 4, flaky: 4 };

/** The exit code of a program that reports this outcome: 0 pass, 1 failures, 3 only unconfirmed, 4 control failed or flaky. */
export function exitCodeOf(outcome: Outcome): number {
  return EXIT_CODES[outcome];
}
