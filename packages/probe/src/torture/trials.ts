/** Tests of the torture suite as trials of the probe, so that they can be explained and shrunk in the same way. */

import { cutsOf, piecesOf } from '../plans/base/segmentation.ts';
import type { Exchange, Trial } from '../types.ts';
import type { TortureTest } from './corpus/corpus.ts';

/** The stream of a test as an exchange. */
export function exchangeOfTest({ stream: { wire, frames } }: TortureTest): Exchange {
  return { steps: [{ send: wire, end: true, ...(frames !== undefined && { frames }) }, { expect: { kind: 'control' } }] };
}

/** A test as a trial; `index` is its place among all tests. */
export function trialOfTest({ id, plan, cuts, stream }: TortureTest, index: number = -1): Trial {
  const pieces = piecesOf(cuts, stream.wire.length);
  return {
    id,
    index,
    plan,
    seed: 0,
    repeat: 1,
    steps: [
      { kind: 'burst', sends: [0], pieces, end: true },
      { kind: 'await', answers: [0] },
    ],
  };
}

/** The test that a trial made of one stands for. */
export function testOfTrial(test: TortureTest, { id, steps }: Trial): TortureTest {
  const [burst] = steps;
  return { ...test, id, cuts: burst?.kind === 'burst' ? cutsOf(burst) : [] };
}
