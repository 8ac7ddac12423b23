import { optional } from '../optional.ts';
import { plainSteps } from '../plans/base/steps.ts';
import { compare, expectationOf } from './compare.ts';
import { looksLikeError } from './error-replies.ts';
import { findVariation, whereAndAdvice } from './variation.ts';
import type { Exchange, Observation, Trial } from '../types.ts';
import type { Mask } from './masks.ts';
import type { Variation } from './variation.ts';

/** The result of the unsplit exchange, done several times. */
export type ControlJudgement =
  /** `detail` is a hint at a possible mistake: answers that are all errors. */
  | { readonly kind: 'ok'; readonly detail?: string }
  | { readonly kind: 'failed'; readonly detail: string }
  /** `variation` is absent when the answers are equal and only the end of the connection differs. */
  | { readonly kind: 'flaky'; readonly detail: string; readonly variation?: Variation };

/**
 * Judges the runs of a control. A run without an answer, or one that was reset or timed out, fails it; runs that differ make it
 * flaky. Segmentation is never blamed for either.
 */
export function judgeControl(exchange: Exchange, runs: readonly Observation[], masks: readonly Mask[] = []): ControlJudgement {
  const waits = plainSteps(exchange).filter(({ kind }) => kind === 'await').length;
  for (const [index, run] of runs.entries()) {
    const fault = faultOf(run, waits);
    if (fault !== undefined) return { kind: 'failed', detail: `run ${index + 1} of the unsplit exchange: ${fault}` };
  }
  return runs.length === 0 ? { kind: 'failed', detail: 'the unsplit exchange was not run' } : findDifference(exchange, runs, masks);
}

const NEVER_SILENT = '; where a server goes on by itself, --until says what ends an answer, as frames:1, and --ignore what belongs to none';

function faultOf({ received, ended, fault }: Observation, waits: number): string | undefined {
  const bytes = received.reduce((sum, { length }) => sum + length, 0);
  if (fault !== undefined) return fault;
  if (ended === 'timeout') return `no whole answer in time, ${bytes} bytes came${bytes === 0 ? '' : NEVER_SILENT}`;
  if (ended === 'reset') return `the connection was reset after ${bytes} bytes of answer`;
  if (received.length < waits) return `the connection ended after ${received.length} of ${waits} answers`;
  // With nothing to compare every trial would pass.
  if (bytes === 0) return ended === 'fin' ? 'the connection was closed without an answer' : 'no answer came';
  return undefined;
}

function findDifference(exchange: Exchange, runs: readonly Observation[], masks: readonly Mask[]): ControlJudgement {
  const [first, ...others] = runs as readonly [Observation, ...Observation[]];
  const trial: Trial = { id: 'control', index: -1, plan: 'control', seed: 0, repeat: 1, steps: plainSteps(exchange) };
  for (const [index, other] of others.entries()) {
    const verdict = compare(trial, other, expectationOf(trial, first, exchange), masks);
    if (verdict.kind === 'fail') {
      const variation = findVariation(
        runs.map(({ received }) => received),
        masks,
      );
      const what = variation === undefined ? '' : `; ${whereAndAdvice(variation)}`;
      return {
        kind: 'flaky',
        detail: `runs 1 and ${index + 2} of the unsplit exchange differ in answer ${verdict.answer}: ${verdict.detail}${what}`,
        ...optional('variation', variation),
      };
    }
  }
  const errors = first.received.map((answer) => looksLikeError(answer));
  const refused = errors.findIndex((error) => error !== undefined);
  if (refused < 0) return { kind: 'ok' };
  return { kind: 'ok', detail: `answer ${refused} is ${errors[refused]}, and trials are compared with that` };
}
