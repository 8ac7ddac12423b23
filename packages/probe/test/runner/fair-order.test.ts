import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { planTrials, shardOf } from '../../src/plans/base/sequence.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import { fairOrder } from '../../src/runner/fair-order.ts';
import { framedExchange, oneFrame } from '../exchanges.ts';
import { createTargets, LINE, lines, probe } from '../line-server.ts';

const targets = createTargets();

afterEach(() => targets.stop());

test('each trial comes once, of a whole campaign and of its shards', () => {
  fc.assert(
    fc.property(framedExchange, fc.integer({ min: 1, max: 4 }), (exchange, of) => {
      const campaign = planTrials(parsePlan('random:7+drip+bytes:2'), exchange, {});
      const indexes = Array.from({ length: of }, (_, index) => shardOf(campaign, { index, of })).flatMap((shard) =>
        [...fairOrder(shard, campaign)].map((trial) => trial.index),
      );
      expect(indexes.toSorted((left, right) => left - right)).toEqual(Array.from({ length: campaign.count }, (_, index) => index));
    }),
  );
});

test('every plan is begun before any has its second trial, and a plan is spread over its length', () => {
  const campaign = planTrials(parsePlan('every-cut+every-pair+drip'), oneFrame, {});
  const order = [...fairOrder(campaign, campaign)];
  expect(order.slice(0, 3).map(({ plan }) => plan)).toEqual(['every-cut', 'every-pair', 'drip']);
  const cuts = order.filter(({ plan }) => plan === 'every-cut').map(({ index }) => index);
  expect(Math.max(...cuts.slice(0, 3)) - Math.min(...cuts.slice(0, 3))).toBeGreaterThanOrEqual(4);
});

test('a campaign whose time is up has tried each of its plans', async () => {
  const target = await targets.start((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
  let done = 0;
  const stop = new AbortController();
  const seen: string[] = [];
  const began = probe({
    target,
    exchange: LINE,
    plans: 'every-pair+drip+glue:2',
    concurrency: 1,
    maxTimeMs: 60_000,
    signal: stop.signal,
    onVerdict({ plan }) {
      seen.push(plan);
      done += 1;
      if (done === 3) stop.abort(new Error('enough'));
    },
  });
  await expect(began).rejects.toThrow('enough');
  expect(seen).toEqual(['every-pair', 'drip', 'glue:2']);
});
