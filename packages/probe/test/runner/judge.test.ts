import { expect, test } from 'vitest';
import { createJudge } from '../../src/runner/judge.ts';
import { observed, trialOf } from '../exchanges.ts';
import type { Judge } from '../../src/runner/judge.ts';
import type { Judged } from '../../src/runner/target/judged.ts';
import type { PieceObservation, Verdict } from '../../src/types.ts';

const LATE: PieceObservation = { bytes: 3, confirmed: false, waitedMs: 1000 };
const UNSEEN: PieceObservation = { bytes: 3, confirmed: false, waitedMs: 1 };
const LAST: PieceObservation = { bytes: 2, confirmed: false, waitedMs: 0 };

/** A judge of trials that come to what is listed, in order, each with one piece before the last. */
function judgeOf(verdicts: readonly Verdict['kind'][], piece: PieceObservation): { readonly judge: Judge; readonly runs: () => number } {
  let runs = 0;
  const judge = createJudge((trial): Promise<Judged> => {
    const kind = verdicts[runs++ % verdicts.length] as 'pass' | 'unconfirmed';
    const observation = { ...observed([]), pieces: [piece, LAST] };
    return Promise.resolve({ trial, verdict: { kind }, observation, expectation: { answers: [], ended: 'open' } });
  });
  return { judge, runs: () => runs };
}

const trial = trialOf({ plan: 'every-cut', steps: [] });

test('a trial of which a piece was read too late is run once more', async () => {
  const { judge, runs } = judgeOf(['unconfirmed', 'pass'], LATE);
  expect(await judge.judge(trial)).toMatchObject({ verdict: { kind: 'pass' } });
  expect(runs()).toBe(2);
});

test('a trial whose pieces nobody can see to be read is not', async () => {
  const { judge, runs } = judgeOf(['unconfirmed'], UNSEEN);
  expect(await judge.judge(trial)).toMatchObject({ verdict: { kind: 'unconfirmed' } });
  expect(runs()).toBe(1);
});

test('a peer that always reads late is not waited for twice for ever', async () => {
  const { judge, runs } = judgeOf(['unconfirmed'], LATE);
  for (let trials = 0; trials < 100; trials++) {
    expect(await judge.judge(trial)).toMatchObject({ verdict: { kind: 'unconfirmed' } });
  }
  expect(runs()).toBe(108);
});
