import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createExchange, requestExchange } from '../../src/exchange/create.ts';
import { cutsOf } from '../../src/plans/base/segmentation.ts';
import { gluedSteps, plainSteps, roundsSteps } from '../../src/plans/base/steps.ts';
import { shrink } from '../../src/shrink/shrink.ts';
import { conversation, prefixed, trialOf, utf8 } from '../exchanges.ts';
import type { Cut, Exchange, Trial } from '../../src/types.ts';

const hundred = requestExchange(new Uint8Array(100));

function cutTrial(exchange: Exchange, cuts: readonly Cut[]): Trial {
  return trialOf({ steps: plainSteps(exchange, { cuts: new Map([[0, cuts]]) }) });
}

function firstCuts({ steps }: Trial): readonly Cut[] {
  return cutsOf(steps.find((step) => step.kind === 'burst')!);
}

/** A server that fails whenever `isFailing` says so of the cuts of its first burst. */
function failsWhen(isFailing: (cuts: readonly Cut[]) => boolean): (trial: Trial) => Promise<boolean> {
  return (trial) => Promise.resolve(isFailing(firstCuts(trial)));
}

const all = Array.from({ length: 99 }, (_, index) => index + 1);

test('of a hundred pieces the one cut that matters is left', async () => {
  const { trial, isMinimal, isConfirmed, runs } = await shrink(
    hundred,
    cutTrial(hundred, all),
    failsWhen((cuts) => cuts.includes(37)),
  );
  expect(firstCuts(trial)).toEqual([37]);
  expect([isMinimal, isConfirmed]).toEqual([true, true]);
  expect(runs).toBeLessThan(40);
});

test('two cuts that matter together are both left', async () => {
  const both = failsWhen((cuts) => cuts.includes(3) && cuts.includes(90));
  const { trial } = await shrink(hundred, cutTrial(hundred, all), both);
  expect(firstCuts(trial)).toEqual([3, 90]);
});

test('a cut that fails anywhere moves to the beginning', async () => {
  const { trial } = await shrink(
    hundred,
    cutTrial(hundred, [60, 71, 88]),
    failsWhen((cuts) => cuts.length > 0),
  );
  expect(firstCuts(trial)).toEqual([1]);
});

test('a cut moves to the boundary of a frame where it fails too, from before it and from behind it', async () => {
  const framed = requestExchange(prefixed('0123456789', '0123456789'), { framing: 'u32be' });
  const inSecond = failsWhen((cuts) => cuts.some((cut) => cut >= 14));
  expect(firstCuts((await shrink(framed, cutTrial(framed, [23]), inSecond)).trial)).toEqual([14]);
  const beforePayload = failsWhen((cuts) => cuts.some((cut) => cut > 0 && cut <= 4));
  expect(firstCuts((await shrink(framed, cutTrial(framed, [3]), beforePayload)).trial)).toEqual([4]);
});

const cutsSecondSend = ({ steps }: Trial) =>
  Promise.resolve(steps.some((step) => step.kind === 'burst' && step.sends[0] === 1 && cutsOf(step).includes(4)));

test('cuts in several sends shrink to the send that matters', async () => {
  const cuts = new Map([
    [0, [1, 5, 9]],
    [1, [2, 4]],
  ]);
  const trial = trialOf({ steps: plainSteps(conversation, { cuts }) });
  const { trial: smallest } = await shrink(conversation, trial, cutsSecondSend);
  expect(smallest.steps).toEqual(plainSteps(conversation, { cuts: new Map([[1, [4]]]) }));
});

test('glued requests stay glued', async () => {
  const trial = trialOf({ repeat: 2, steps: roundsSteps(hundred, 2, [99, 110, 150]) });
  const { trial: smallest } = await shrink(hundred, trial, () => Promise.resolve(true));
  expect(smallest.steps).toEqual(roundsSteps(hundred, 2));
  const glued = trialOf({ steps: gluedSteps(conversation, 0, 1, [3]) });
  expect((await shrink(conversation, glued, () => Promise.resolve(true))).trial.steps).toEqual(gluedSteps(conversation, 0, 1));
});

test('of many requests in one write as few are left as fail', async () => {
  const many = trialOf({ repeat: 50, steps: roundsSteps(hundred, 50) });
  const from = async (fewest: number) => {
    const { trial } = await shrink(hundred, many, ({ repeat }) => Promise.resolve(repeat >= fewest));
    return trial.repeat;
  };
  expect([await from(2), await from(4), await from(20), await from(30)]).toEqual([2, 4, 25, 50]);
});

function gluesTheMiddle({ steps }: Trial): Promise<boolean> {
  return Promise.resolve(steps.some((step) => step.kind === 'burst' && step.sends.join(',').includes('1,2')));
}

test('of several sends in one write the two that matter are left', async () => {
  const steps = ['a', 'b', 'c', 'd'].flatMap((text) => [{ send: utf8(text) }, { expect: { kind: 'control' } as const }]);
  const exchange = createExchange({ steps });
  const trial = trialOf({ steps: gluedSteps(exchange, 0, 3) });
  expect((await shrink(exchange, trial, gluesTheMiddle)).trial.steps).toEqual(gluedSteps(exchange, 1, 2));
});

test('a failure that does not repeat is not shrunk', async () => {
  const trial = cutTrial(hundred, [5]);
  expect(await shrink(hundred, trial, () => Promise.resolve(false))).toEqual({ trial, runs: 1, isConfirmed: false, isMinimal: false });
});

test.each([[[]], [[37]], [[37, 50]], [[50, 60, 70]]])('cuts at %j that failed by chance once are not the result', async (chance) => {
  let left = 1;
  const { trial } = await shrink(
    hundred,
    cutTrial(hundred, [10, 37, 50, 60, 70]),
    failsWhen((cuts) => [37, 50, 60].every((cut) => cuts.includes(cut)) || (String(cuts) === String(chance) && left-- > 0)),
  );
  expect(firstCuts(trial)).toEqual([37, 50, 60]);
});

test('what is already smallest keeps its name', async () => {
  const trial = cutTrial(hundred, [1]);
  const shrunk = await shrink(
    hundred,
    trial,
    failsWhen((cuts) => cuts.includes(1)),
  );
  expect(shrunk.trial).toBe(trial);
});

test('no more trials are run than allowed, and then nothing is claimed to be minimal', async () => {
  let runs = 0;
  const isFailing = (trial: Trial) => {
    runs++;
    return Promise.resolve(firstCuts(trial).length > 40);
  };
  const { trial, isMinimal, runs: counted } = await shrink(hundred, cutTrial(hundred, all), isFailing, { maxRuns: 12 });
  expect([runs, counted, isMinimal]).toEqual([12, 12, false]);
  expect(firstCuts(trial).length).toBeGreaterThan(40);
});

test('the result fails, and no longer does without any one of its cuts', async () => {
  const culprits = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(culprits, fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 30 }), async (needed, others) => {
      const isFailing = (cuts: readonly Cut[]) => needed.every((cut) => cuts.includes(cut));
      const { trial, isMinimal } = await shrink(hundred, cutTrial(hundred, [...needed, ...others]), failsWhen(isFailing), {
        maxRuns: 2000,
      });
      const cuts = firstCuts(trial);
      expect(isMinimal).toBe(true);
      expect(isFailing(cuts)).toBe(true);
      for (const left of cuts) expect(isFailing(cuts.filter((cut) => cut !== left))).toBe(false);
    }),
  );
});

const hasTwoOfThree = (cuts: readonly Cut[]) => [10, 50, 80].filter((cut) => cuts.includes(cut)).length >= 2;

test('the result is minimal for failures that need any two of three cuts', async () => {
  const { trial } = await shrink(hundred, cutTrial(hundred, all), failsWhen(hasTwoOfThree));
  expect(firstCuts(trial)).toHaveLength(2);
});

const hasThreeSevenths = failsWhen((cuts) => cuts.filter((cut) => cut % 7 === 0).length > 2);

test('the same failures shrink to the same trial in as many runs', async () => {
  const trial = cutTrial(hundred, all);
  expect(await shrink(hundred, trial, hasThreeSevenths)).toEqual(await shrink(hundred, trial, hasThreeSevenths));
});
