import { expect, test } from 'vitest';
import { requestExchange } from '../src/exchange/create.ts';
import { planTrials } from '../src/plans/base/sequence.ts';
import { parsePlan } from '../src/plans/parse.ts';
import { ReportBuilder } from '../src/report/builder.ts';
import { matchers } from '../src/vitest.ts';
import type { ProbeReport } from '../src/report/model.ts';
import type { Verdict } from '../src/types.ts';

expect.extend(matchers);

const exchange = requestExchange(Buffer.from('abc'));
const FAIL: Verdict = { kind: 'fail', failure: 'hang', answer: 0, at: 0, detail: 'nothing more came' };

function reportOf(...verdicts: readonly Verdict[]): ProbeReport {
  const campaign = planTrials(parsePlan('every-cut'), exchange);
  const builder = new ReportBuilder({ target: 'here', exchange, plans: campaign.plans, seed: 1, pace: 'drain' });
  builder.setControl({ kind: 'ok', runs: 3, durationMs: 1, answers: [] });
  const observation = { received: [], ended: 'timeout', durationMs: 1, confirmed: true, pieces: [] } as const;
  for (const [index, verdict] of verdicts.entries()) {
    builder.add(campaign.at(index), verdict);
    if (verdict.kind === 'fail')
      builder.addCase({ trial: campaign.at(index), verdict, observation, expectation: { answers: [], ended: 'open' } });
  }
  return builder.build(1);
}

test('toSurvive passes for a report that passes', () => {
  expect(reportOf({ kind: 'pass' }, { kind: 'pass' })).toSurvive();
});

test('toSurvive fails with the report, the smallest failure in it', () => {
  const report = reportOf({ kind: 'pass' }, FAIL);
  expect(report).not.toSurvive();
  expect(() => expect(report).toSurvive()).toThrow(/survives every segmentation[^]*FAIL[^]*every-cut#1[^]*hang/);
});

test('toSurvive takes an unconfirmed report only when told to', () => {
  const report = reportOf({ kind: 'unconfirmed' });
  expect(report).not.toSurvive();
  expect(report).toSurvive({ unconfirmed: true });
  expect(reportOf(FAIL)).not.toSurvive({ unconfirmed: true });
});

test('toSurvive says what it takes when it is given something else', () => {
  expect(() => expect('passed').toSurvive()).toThrow('the report that probe() resolves to');
});
