import { shrink } from '../shrink/shrink.ts';
import { isBroken } from './target/judged.ts';
import { isNoConnection } from './target/patient-connector.ts';
import type { Case } from '../report/builder.ts';
import type { Exchange, Fail, Trial } from '../types.ts';
import type { Judge } from './judge.ts';
import type { Judged } from './target/judged.ts';

/** Options of {@link findSmallest}. */
export interface CaseSearchOptions {
  readonly exchange: Exchange;
  readonly judge: Judge;
  /** How many concurrent connections the target serves. */
  readonly concurrency: number;
  readonly maxRuns: number;
  readonly signal?: AbortSignal | undefined;
}

/** This many connections run the same trial at once, when it does not fail alone. */
const COMPANY = 8;
/** How often a target may be killed to find the smallest cuts that do it. */
const KILLING_RUNS = 20;
const TOGETHER = 'only while other connections do the same';

/**
 * Finds the smallest trial that fails like this one. One that does not fail alone is tried on several connections at once. When the
 * target is gone, or nothing fails any more, the result is the original trial; in the latter case it fails only beside others.
 */
export async function findSmallest(found: Judged & { readonly verdict: Fail }, options: CaseSearchOptions): Promise<Case> {
  try {
    const alone = await search(found, 1, options);
    if (alone !== undefined) return alone;
    const company = Math.min(COMPANY, options.concurrency);
    const together = company > 1 ? await search(found, company, options) : undefined;
    return together ?? { ...found, isTogether: true };
  } catch (error) {
    if (!isNoConnection(error)) throw error;
    return found;
  }
}

async function search(
  found: Judged & { readonly verdict: Fail },
  connections: number,
  { exchange, judge, maxRuns: most, signal }: CaseSearchOptions,
): Promise<Case | undefined> {
  const maxRuns = found.verdict.failure === 'target-died' ? Math.min(most, KILLING_RUNS) : most;
  // A target that died is not just a wrong answer.
  const isAlike = (run: Judged): boolean => found.verdict.failure !== 'target-died' || isBroken(run);
  const failures = new Map<string, Judged & { readonly verdict: Fail }>();
  const isFailing = async (trial: Trial): Promise<boolean> => {
    const runs = await Promise.all(Array.from({ length: connections }, () => judge.runOnce(trial, signal)));
    const failed = runs.find((run): run is Judged & { readonly verdict: Fail } => run.verdict.kind === 'fail' && isAlike(run));
    if (failed !== undefined) failures.set(keyOf(trial), failed);
    return failed !== undefined;
  };
  const { trial, runs, isConfirmed } = await shrink(exchange, found.trial, isFailing, { maxRuns });
  const smallest = failures.get(keyOf(trial));
  if (!isConfirmed || smallest === undefined) return undefined;
  const { verdict, observation, expectation } = smallest;
  const isTogether = connections > 1;
  const detail = isTogether ? `${verdict.detail}; ${TOGETHER}` : verdict.detail;
  const { failure } = found.verdict.failure === 'target-died' ? found.verdict : verdict;
  return {
    trial: found.trial,
    verdict: found.verdict,
    observation,
    expectation,
    ...(isTogether ? { isTogether } : {}),
    shrunk: { trial, runs: runs * connections, verdict: { ...verdict, failure, detail } },
  };
}

function keyOf({ steps }: Trial): string {
  return JSON.stringify(steps);
}
