import { expect, test } from 'vitest';
import { createExchange, requestExchange } from '../../src/exchange/create.ts';
import { burstBytes, controlTrial, gluedSteps, plainSteps, untilOf } from '../../src/plans/base/steps.ts';
import { conversation, utf8 } from '../exchanges.ts';
import type { Until } from '../../src/types.ts';

test('the control plays the exchange as it stands', () => {
  expect(controlTrial(conversation)).toEqual({
    id: 'control',
    index: -1,
    plan: 'control',
    seed: 0,
    repeat: 1,
    steps: plainSteps(conversation),
  });
});

test('a control of two rounds awaits a greeting once and answers before the next round', () => {
  const greeted = createExchange({ steps: [{ expect: { kind: 'idle', ms: 5 } }, { send: utf8('hi') }, { expect: { kind: 'control' } }] });
  const { steps, id } = controlTrial(greeted, 2);
  expect(id).toBe('control×2');
  expect(steps.map((step) => (step.kind === 'burst' ? 'send' : step.answers))).toEqual([[0], 'send', [1], 'send', [2]]);
});

test('glued sends are one run of bytes', () => {
  const burst = gluedSteps(conversation, 0, 1).find((step) => step.kind === 'burst')!;
  expect(burstBytes(conversation, burst)).toEqual(utf8('USER ada\r\nQUIT\r\n'));
});

test('our side ends where the exchange says so', () => {
  const ending = createExchange({ steps: [{ send: utf8('hi'), end: true }] });
  expect(plainSteps(ending)[0]).toMatchObject({ end: true });
});

test.each<[Until, number, Until]>([
  [{ kind: 'bytes', count: 7 }, 3, { kind: 'bytes', count: 21 }],
  [{ kind: 'frames', count: 1, framing: 'line' }, 2, { kind: 'frames', count: 2, framing: 'line' }],
  [{ kind: 'idle', ms: 200 }, 2, { kind: 'idle', ms: 200 }],
  [{ kind: 'control' }, 2, { kind: 'control' }],
  [{ kind: 'close' }, 1, { kind: 'close' }],
])('%j for %i answers together ends at %j', (until, answers, expected) => {
  const exchange = requestExchange(utf8('hi'), { until });
  const wait = { kind: 'await', answers: Array.from({ length: answers }, (_, index) => index) } as const;
  expect(untilOf(exchange, wait)).toEqual(expected);
});

test('answers that end in different ways end as the control did, or with the connection', () => {
  const exchange = createExchange({
    steps: [{ send: utf8('a') }, { expect: { kind: 'bytes', count: 3 } }, { send: utf8('b') }, { expect: { kind: 'close' } }],
  });
  expect(untilOf(exchange, { kind: 'await', answers: [0, 1] })).toEqual({ kind: 'close' });
  expect(untilOf(conversation, { kind: 'await', answers: [0, 1] })).toEqual({ kind: 'control' });
});
