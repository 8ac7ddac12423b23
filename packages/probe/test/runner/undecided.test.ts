import { expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { planTrials } from '../../src/plans/base/sequence.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import { ReportBuilder } from '../../src/report/builder.ts';
import { MAX_CASES } from '../../src/report/model.ts';
import { runCampaign } from '../../src/runner/campaign-run.ts';
import { observed } from '../exchanges.ts';
import type { ProbeReport } from '../../src/report/model.ts';
import type { Judged } from '../../src/runner/target/judged.ts';
import type { Trial, Verdict } from '../../src/types.ts';

const exchange = requestExchange(new Uint8Array(MAX_CASES + 51));
const judged = (trial: Trial, verdict: Verdict): Judged => ({
  trial,
  verdict,
  observation: observed([]),
  expectation: { answers: [], ended: 'open' },
});

/** Every trial is flaky, and passes once it is considered anew; `elapsedMs` gets how many were done. */
function campaignOf(elapsedMs: (done: number) => number = () => 0): Promise<ProbeReport> {
  let done = 0;
  const campaign = planTrials(parsePlan('every-cut'), exchange, { seed: 1 });
  const builder = new ReportBuilder({
    target: '127.0.0.1:9000',
    exchange,
    plans: campaign.plans,
    seed: 1,
    pace: 'drain',
    replay: ['sticky-lab', 'probe'],
  });
  builder.setControl({ kind: 'ok', runs: 3, durationMs: 1, answers: [] });
  return runCampaign({
    exchange,
    campaign,
    builder,
    progress: { report: () => undefined, elapsedMs: () => elapsedMs(done) },
    judge: {
      runOnce: (trial) => Promise.resolve(judged(trial, { kind: 'pass' })),
      judge: (trial) => {
        done += 1;
        return Promise.resolve(judged(trial, { kind: 'flaky', detail: 'once' }));
      },
      reconsider: ({ trial }) => Promise.resolve(judged(trial, { kind: 'pass' })),
    },
    isStillRight: () => Promise.resolve(true),
    concurrency: 8,
    seed: 1,
    shard: { index: 0, of: 1 },
    masks: [],
    target: '127.0.0.1:9000',
    plans: 'every-cut',
    pace: 'drain',
    maxShrinkRuns: 0,
    maxTimeMs: 1000,
  });
}

test('of trials that failed once only so many wait for the end as a report shows: memory does not follow their number', async () => {
  expect((await campaignOf()).totals).toMatchObject({ pass: MAX_CASES, flaky: 50 });
});

test('once the time is over none is considered anew', async () => {
  const all = MAX_CASES + 50;
  expect((await campaignOf((done) => (done === all ? 1000 : 0))).totals).toMatchObject({ pass: 0, flaky: all });
});
