import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes } from '../../src/bytes/concat-bytes.ts';
import { planTrials } from '../../src/plans/base/sequence.ts';
import { burstBytes } from '../../src/plans/base/steps.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import { PLANS } from '../../src/plans/registry.ts';
import { anyExchange, framedExchange } from '../exchanges.ts';
import type { Campaign } from '../../src/plans/base/sequence.ts';
import type { Exchange, Trial } from '../../src/types.ts';

const folder = new URL('../../src/plans/kinds/', import.meta.url);
const usages = PLANS.map(({ usage }) => usage.replace('N', '3'));

test('every plan in the folder is in the list, in a file of its name', () => {
  const declaring = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && /: PlanEntry = \{/.test(readFileSync(new URL(file, folder), 'utf8')))
    .map((file) => basename(file));
  expect(declaring.toSorted()).toEqual(PLANS.map(({ name }) => `${name.replace('+', '-')}.ts`).toSorted());
});

test('every plan is read back as it is written in the help', () => {
  for (const [index, usage] of usages.entries()) expect(parsePlan(usage).map(({ text }) => text)).toEqual([usages[index]]);
});

test('only the plans that say so need a framing', () => {
  expect(PLANS.filter(({ needsFrames }) => needsFrames).map(({ name }) => name)).toEqual(['boundary', 'prefix']);
});

/** The campaign, or `undefined` when the plan finds nothing to do. */
function campaign(exchange: Exchange, plan: string): Campaign | undefined {
  try {
    return planTrials(parsePlan(plan), exchange, { seed: 3 });
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/NO_TRIALS|PLAN/) as string });
    return undefined;
  }
}

/** Whether the pieces of every burst follow each other, none is empty, and together they are its bytes. */
function arePiecesWhole(exchange: Exchange, { steps }: Trial): boolean {
  return steps.every((step) => {
    if (step.kind !== 'burst') return true;
    const bytes = burstBytes(exchange, step);
    const joined = concatBytes([...step.pieces.map(({ start, end }) => bytes.subarray(start, end)), new Uint8Array(0)]);
    const starts = step.pieces.map(({ end }) => end);
    const isInOrder = step.pieces.every(({ start, end }, index) => start < end && start === (starts[index - 1] ?? 0));
    return isInOrder && Buffer.compare(bytes, joined) === 0;
  });
}

test.each(usages)('%s: the pieces of each burst put its bytes together again', (plan) => {
  fc.assert(
    fc.property(fc.oneof(anyExchange, framedExchange), (exchange) => {
      const trials = [...(campaign(exchange, plan) ?? [])];
      expect(trials.filter((trial) => !arePiecesWhole(exchange, trial))).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test.each(usages)('%s: each trial awaits every answer of its rounds once, in order', (plan) => {
  fc.assert(
    fc.property(framedExchange, (exchange) => {
      const waits = exchange.steps.filter((step) => 'expect' in step).length;
      const wanted = (repeat: number) => Array.from({ length: waits * repeat }, (_, index) => index).join();
      const wrong = [...(campaign(exchange, plan) ?? [])].filter(({ steps, repeat }) => {
        const answers = steps.flatMap((step) => (step.kind === 'await' ? step.answers : []));
        return answers.join() !== wanted(repeat);
      });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test.each(usages)('%s: the same seed makes the same trials, in any order', (plan) => {
  fc.assert(
    fc.property(framedExchange, (exchange) => {
      const forwards = campaign(exchange, plan);
      if (forwards === undefined) return;
      const backwards = Array.from({ length: forwards.count }, (_, index) => forwards.at(forwards.count - 1 - index));
      expect(JSON.stringify(backwards.toReversed())).toBe(JSON.stringify([...campaign(exchange, plan)!]));
      expect(new Set(backwards.map(({ id }) => id)).size).toBe(forwards.count);
    }),
    { numRuns: 10 },
  );
});
