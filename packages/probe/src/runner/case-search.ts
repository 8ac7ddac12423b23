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
  /** How many connections the target takes at once. */
  readonly concurrency: number;
  readonly maxRuns: number;
  readonly signal?: AbortSignal | undefined;
}

/** So many connections do the same trial at once, where one alone does not fail. */
const COMPANY = 8;
/** Most times that a target is killed to find the smallest cuts that do it. */
const KILLING_RUNS = 20;
const TOGETHER = 'only while other connections do the same';

/**
 * Finds the smallest trial that fails as this one did. One that does not fail on a connection alone is tried on several at once.
 * What it comes to when the target is gone is the trial as it was; so it is when nothing fails any more, and then it failed beside others.
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
  // A target that died is no answer that is only wrong.
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
