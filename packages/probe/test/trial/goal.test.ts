import { expect, test } from 'vitest';
import { createExchange } from '../../src/exchange/create.ts';
import { goalOf } from '../../src/trial/goal.ts';
import { utf8 } from '../exchanges.ts';
import type { Goal } from '../../src/transports/answer-wait.ts';
import type { GoalSetting } from '../../src/trial/goal.ts';

const exchange = createExchange({ steps: [{ expect: { kind: 'control' } }, { send: utf8('a\n') }, { expect: { kind: 'control' } }] });
const setting: GoalSetting = { exchange, limits: { quietMs: 200 } };

function goalOfControl(answer: number, isLast: boolean, onceBytes?: readonly (number | undefined)[]): Goal {
  return goalOf(
    { ...setting, ...(onceBytes === undefined ? {} : { onceBytes }) },
    { kind: 'await', answers: [answer] },
    { learnt: undefined, isLast },
  );
}

test('a control waits for silence behind each answer, one of many rounds only until an answer is as long as in one', () => {
  const silence = { kind: 'quiet', ms: 200 };
  expect(goalOfControl(1, false)).toEqual(silence);
  for (const round of [1, 2, 50]) expect(goalOfControl(round, false, [9, 4])).toEqual({ ...silence, enoughBytes: 4 });
  expect(goalOfControl(0, false, [9, 4])).toEqual({ ...silence, enoughBytes: 9 });
});

test('a control of many rounds waits for silence behind the last answer, and where the length is not known or zero', () => {
  const silence = { kind: 'quiet', ms: 200 };
  expect(goalOfControl(50, true, [9, 4])).toEqual(silence);
  expect(goalOfControl(2, false, [9, undefined])).toEqual(silence);
  expect(goalOfControl(2, false, [9, 0])).toEqual(silence);
});
