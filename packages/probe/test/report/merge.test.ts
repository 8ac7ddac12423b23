import { expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { headlineOf } from '../../src/report/headline.ts';
import { mergeReports } from '../../src/report/merge.ts';
import { headerOneRecv, hang, sample } from './sample.ts';
import type { ProbeReport } from '../../src/report/model.ts';
import type { SampleOptions } from './sample.ts';

function shards(of: number, options: SampleOptions = {}): readonly ProbeReport[] {
  return Array.from({ length: of }, (_, index) => sample({ ...options, shard: { index, of } }));
}

test.each([2, 3, 5, 20])('the reports of %i shards come to the report of the whole campaign', (of) => {
  const { shards: _whole, control, ...whole } = sample();
  const { shards: merged, control: joined, ...rest } = mergeReports(shards(of));
  expect(rest).toEqual(whole);
  expect(merged).toEqual({ indexes: Array.from({ length: of }, (_, index) => index), of });
  expect(joined).toEqual({ ...control, runs: 3 * of });
});

test('merging goes in any order and in several steps', () => {
  const [a, b, c] = shards(3) as readonly [ProbeReport, ProbeReport, ProbeReport];
  expect(mergeReports([c, a, b])).toEqual(mergeReports([a, b, c]));
  expect(mergeReports([mergeReports([a, c]), b])).toEqual(mergeReports([a, b, c]));
});

const firstOnly: SampleOptions['judge'] = ({ repeat }) => (repeat > 1 ? hang() : { kind: 'pass' });

test('what glue shows is put together from all shards', () => {
  const parts = shards(4, { judge: firstOnly });
  expect(parts.filter(({ diagnosis }) => diagnosis?.confidence === 'certain')).toHaveLength(1);
  expect(mergeReports(parts).diagnosis).toMatchObject({ bug: 'first-message-only', confidence: 'certain' });
});

test('the worst control stands', () => {
  const [good, bad] = [sample({ shard: { index: 0, of: 2 } }), sample({ shard: { index: 1, of: 2 }, control: 'flaky' })];
  expect(mergeReports([good, bad])).toMatchObject({ outcome: 'flaky', control: { kind: 'flaky', runs: 6 } });
});

test('where the request is not all there, the surest diagnosis of the shards stands', () => {
  const exchange = requestExchange(new Uint8Array(70_000));
  const parts = shards(2, { exchange, plans: 'random:8', judge: headerOneRecv });
  const diagnosis = { bug: 'header-one-recv', confidence: 'likely', sentence: 's', evidence: 'e' } as const;
  const merged = mergeReports([
    { ...parts[0]!, diagnosis: { ...diagnosis, confidence: 'possible' } },
    { ...parts[1]!, diagnosis },
  ]);
  expect(merged.diagnosis).toEqual(diagnosis);
});

test('shards that are missing are named by those that are there, and keep the result from passing', () => {
  const passing = shards(3, { judge: () => ({ kind: 'pass' }) });
  const partial = mergeReports(passing.slice(1));
  expect(partial).toMatchObject({ shards: { indexes: [1, 2], of: 3 }, outcome: 'unconfirmed' });
  expect(headlineOf(partial)).toMatch(/^all \d+ trials went well, .*; \d+ more of the campaign are not in this report$/);
  expect(mergeReports(passing).outcome).toBe('pass');
});

test('a shard that was ended early keeps the result from passing', () => {
  const [whole, early] = shards(2, { judge: () => ({ kind: 'pass' }) }) as readonly [ProbeReport, ProbeReport];
  const totals = { ...early.totals, pass: early.totals.pass - 1 };
  expect(mergeReports([whole, { ...early, totals }]).outcome).toBe('unconfirmed');
});

const [one, two] = shards(2) as readonly [ProbeReport, ProbeReport];

test.each<[string, readonly ProbeReport[], string]>([
  ['none', [], 'there are no reports to merge'],
  ['one shard twice', [one, two, one], 'shard 0 of 2 is there twice'],
  ['another seed', [one, { ...two, seed: 2 }], 'reports 1 and 2 are not of one campaign: they have not the same seed'],
  ['another pace', [one, { ...two, pace: 'none' }], 'the same pace'],
  ['other plans', [one, sample({ plans: 'drip', shard: { index: 1, of: 2 } })], 'the same plans'],
  ['another exchange', [one, sample({ exchange: requestExchange(new Uint8Array(15)), shard: { index: 1, of: 2 } })], 'the same exchange'],
  ['another division', [one, sample({ shard: { index: 1, of: 3 } })], 'the same number of shards'],
])('%s cannot be merged', (_what, reports, message) => {
  expect(() => mergeReports(reports)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_REPORT', message: expect.stringContaining(message) as string }),
  );
});
