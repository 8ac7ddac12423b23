import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { parseShard, planTrials, shardOf } from '../../src/plans/base/sequence.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import { twoFrames } from '../exchanges.ts';

const hundred = planTrials(parsePlan('every-cut'), requestExchange(new Uint8Array(101)));

test('the trials of joined plans follow each other and are numbered through', () => {
  const trials = planTrials(parsePlan('every-cut+drip+prefix'), twoFrames, { seed: 5 });
  expect(trials.plans).toEqual([
    { plan: 'every-cut', count: 12 },
    { plan: 'drip', count: 1 },
    { plan: 'prefix', count: 8 },
  ]);
  expect(trials.count).toBe(21);
  expect([...trials].map(({ index }) => index)).toEqual(Array.from({ length: 21 }, (_, index) => index));
  expect([trials.at(0).id, trials.at(12).id, trials.at(20).id]).toEqual(['every-cut#0', 'drip#0', 'prefix#7']);
  expect(trials.at(0).seed).toBe(5);
});

test('all shards together are the campaign, and no trial is in two of them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 130 }), fc.integer(), (of, seed) => {
      const shards = Array.from({ length: of }, (_, index) => [...shardOf(hundred, { index, of }, seed)].map((trial) => trial.index));
      expect(shards.flat().toSorted((left, right) => left - right)).toEqual(Array.from({ length: 100 }, (_, index) => index));
      const sizes = shards.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

const indexes = (seed: number) => [...shardOf(hundred, { index: 1, of: 4 }, seed)].map(({ index }) => index);

test('which trials a shard gets depends on the seed alone', () => {
  expect(indexes(1)).toEqual(indexes(1));
  expect(indexes(1)).not.toEqual(indexes(2));
  expect(indexes(1).slice(0, 8)).toMatchInlineSnapshot(`
    [
      0,
      4,
      9,
      12,
      19,
      23,
      25,
      30,
    ]
  `);
});

test('a million trials are planned without making one', () => {
  const trials = planTrials(parsePlan('every-cut+random:1000000'), requestExchange(new Uint8Array(1_000_000)));
  expect(trials.count).toBe(1_999_999);
  expect(trials.at(999_998).steps[0]).toMatchObject({ pieces: [{ start: 0, end: 999_999 }, { end: 1_000_000 }] });
  expect(trials.at(1_999_998).id).toBe('random:1000000#999999');
});

test('more than a million pieces in one trial are refused before they are made', () => {
  const long = requestExchange(new Uint8Array(1_000_001));
  expect(() => planTrials(parsePlan('drip'), long)).toThrow(/pieces this small are more than 1000000 in one trial/);
  expect(planTrials(parsePlan('bytes:2'), long).count).toBe(1);
});

test('a trial that is not there throws', () => {
  for (const position of [-1, 100, 0.5]) expect(() => hundred.at(position)).toThrow(RangeError);
});

test('a campaign without a trial is refused: it would look like a pass', () => {
  const one = requestExchange(new Uint8Array(1));
  expect(() => planTrials(parsePlan('every-cut+drip+random:5'), one)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_NO_TRIALS', message: expect.stringContaining('every-cut+drip+random:5') as string }),
  );
});

test('a seed is a whole number', () => {
  expect(() => planTrials(parsePlan('drip'), twoFrames, { seed: 0.5 })).toThrow(/the seed is a whole number, received 0.5/);
});

test('shards are written i/n and counted from 0', () => {
  expect(parseShard('0/4')).toEqual({ index: 0, of: 4 });
  for (const text of ['4/4', '1', '1/0', '-1/4', 'a/b', '0/100001', '1/4/']) {
    expect(() => parseShard(text)).toThrow(expect.objectContaining({ code: 'PROBE_ERR_PLAN' }));
  }
});
