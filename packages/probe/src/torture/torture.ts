/**
 * The torture suite: tests whether a decoder, in any language, returns the same payloads however its bytes are cut and glued, and
 * refuses invalid bytes. The decoder is a program that reads lines:
 *
 * ```
 * new 65536          a new decoder; the longest payload that it may take, in bytes
 * chunk 0000000568   what one read brought, in hex
 * end                the stream ended
 * ```
 *
 * To each line it answers with any number of lines `payload HEX`, with `error TEXT` when it refuses the bytes, and then with `ok`.
 */

import { ProbeError } from '../errors.ts';
import { shrink } from '../shrink/shrink.ts';
import { testsOf, TORTURE_PLANS } from './corpus/corpus.ts';
import { tortureCorpus } from './corpus/create-corpus.ts';
import { TortureReport } from './report.ts';
import { Bench } from './run/bench.ts';
import { exchangeOfTest, testOfTrial, trialOfTest } from './trials.ts';
import type { ProbeReport } from '../report/model.ts';
import type { TortureTest } from './corpus/corpus.ts';
import type { LookedAt, TortureOptions } from './options.ts';
import type { Judged } from './run/judge.ts';

/** After this many tests of one kind in which the program hung or died, the others of that kind are left out. */
const MAX_RESTARTS = 5;
/** This many failures of one kind are repeated and shrunk. */
const MAX_LOOKED_AT = 3;
const MAX_SHRINK_RUNS = 60;

/**
 * Tests a decoder.
 *
 * @throws ProbeError `PROBE_ERR_FRAMING` for a framing that cannot be tested, `PROBE_ERR_PLAN` for an unknown kind or test,
 * `PROBE_ERR_COMMAND` when the program cannot be started; the signal's reason once it aborts.
 */
export async function torture(options: TortureOptions): Promise<ProbeReport> {
  const { framing, run, frames, hangMs = 5000, maxTimeMs = 300_000, signal } = options;
  const corpus = tortureCorpus(framing, frames === undefined ? {} : { frames });
  const all = testsOf(corpus);
  const tests = chosen(all, options);
  const report = new TortureReport(corpus, tests, options);
  const bench = new Bench(run, hangMs);
  try {
    if (!(await report.control(all[0]!, () => bench.play(all[0]!)))) return report.build();
    const stopAt = performance.now() + maxTimeMs;
    for (const test of tests) {
      signal?.throwIfAborted();
      if (performance.now() > stopAt) break;
      if (report.faultsOf(test.plan) >= MAX_RESTARTS) continue;
      const judged = await bench.play(test);
      report.add(test, judged, judged.verdict.kind === 'fail' ? await lookAt(test, judged, report, bench) : undefined);
    }
    return report.build();
  } finally {
    bench.close();
  }
}

function chosen(all: readonly TortureTest[], { plans, only }: TortureOptions): readonly TortureTest[] {
  const unknown = plans?.find((plan) => !TORTURE_PLANS.some(({ name }) => name === plan));
  if (unknown !== undefined) {
    throw new ProbeError(
      'PROBE_ERR_PLAN',
      `there is no test ${JSON.stringify(unknown)}; allowed: ${TORTURE_PLANS.map(({ name }) => name).join(', ')}`,
    );
  }
  const tests = all.filter(({ id, plan }) => (only === undefined ? (plans?.includes(plan) ?? true) : id === only));
  if (tests.length > 0) return tests;
  const seen = only === undefined ? plans?.join(', ') : JSON.stringify(only);
  throw new ProbeError('PROBE_ERR_NO_TRIALS', `this framing has no test ${seen}, it has ${all.length}: the first is ${all[0]!.id}`);
}

/** Repeats the first failures of each kind, with fewer cuts if they have several. */
async function lookAt(test: TortureTest, { verdict }: Judged, report: TortureReport, bench: Bench): Promise<LookedAt | undefined> {
  if (report.failuresOf(test.plan) >= MAX_LOOKED_AT || (verdict.kind === 'fail' && isCostly(verdict.failure))) return undefined;
  const again = await bench.play(test);
  if (again.verdict.kind !== 'fail') return { isFlaky: true };
  if (test.cuts.length < 2) return { isFlaky: false };
  const failures = new Map<string, Judged>();
  const { trial, runs } = await shrink(
    exchangeOfTest(test),
    trialOfTest(test),
    async (smaller) => {
      const judged = await bench.play(testOfTrial(test, smaller));
      failures.set(smaller.id + testOfTrial(test, smaller).cuts.join(','), judged);
      return judged.verdict.kind === 'fail';
    },
    { maxRuns: MAX_SHRINK_RUNS },
  );
  const smallest = testOfTrial(test, trial);
  const judged = failures.get(trial.id + smallest.cuts.join(','));
  return { isFlaky: false, ...(judged !== undefined && { shrunk: { test: smallest, judged, runs } }) };
}

/** Each of these costs a restart of the program, or a timeout. */
function isCostly(failure: string): boolean {
  return failure === 'hang' || failure === 'target-died';
}
