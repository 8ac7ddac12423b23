import { expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { draftOfShape } from '../../src/plans/base/shape.ts';
import { plainSteps } from '../../src/plans/base/steps.ts';
import { MAX_CASES } from '../../src/report/model.ts';
import { exitCodeOf, outcomeOf } from '../../src/report/outcome.ts';
import { cellOf, CELLS, worseCell } from '../../src/trial/cells.ts';
import { FAILURE_KINDS, VERDICT_KINDS } from '../../src/types.ts';
import { observed, trialOf, utf8 } from '../exchanges.ts';
import { builderOf, hang, request, sample } from './sample.ts';
import type { ControlSummary } from '../../src/report/model.ts';
import type { Outcome, VerdictKind } from '../../src/types.ts';

test('verdicts are counted by plan, and single cuts are drawn', () => {
  const report = sample();
  expect(report.plans).toEqual([
    { plan: 'every-cut', planned: 14, pass: 11, fail: 3, unconfirmed: 0, flaky: 0 },
    { plan: 'glue:2', planned: 1, pass: 1, fail: 0, unconfirmed: 0, flaky: 0 },
  ]);
  expect(report.totals).toEqual({ pass: 12, fail: 3, unconfirmed: 0, flaky: 0 });
  expect(report.sends).toMatchObject([{ bytes: 15, frameCount: 1, cells: 'hhh...........' }]);
  expect(report.outcome).toBe('fail');
});

test('the likely bug is named from all that was tried', () => {
  expect(sample().diagnosis).toMatchObject({ bug: 'header-one-recv', confidence: 'certain' });
  const glued = sample({ judge: ({ repeat }) => (repeat > 1 ? hang() : { kind: 'pass' }) });
  expect(glued.diagnosis).toMatchObject({ bug: 'first-message-only', confidence: 'certain' });
});

test('a case tells what was sent, expected and received, and how to do it again', () => {
  expect(sample().cases[1]).toEqual({
    trial: { id: 'every-cut#1', index: 1, plan: 'every-cut', pieces: 2, shape: '2' },
    kind: 'fail',
    verdict: hang(),
    detail: 'nothing more came after 0 of 2 bytes of the answer',
    where: ['after byte 2 of the 4-byte length of frame 0'],
    dump: expect.stringContaining('>>> SPLIT HERE <<<') as string,
    expected: { offset: 0, totalBytes: 2, hex: '6f6b' },
    received: { offset: 0, totalBytes: 1, hex: '6f' },
    replay: 'sticky-lab probe --target 127.0.0.1:9000 --plan at:2',
  });
});

test('a case that was shrunk is explained by its smallest trial, which marks its cell', () => {
  const builder = builderOf({ plans: 'drip', judge: () => ({ kind: 'pass' }) });
  const trial = trialOf({ id: 'drip#0', plan: 'drip', steps: plainSteps(request) });
  const smallest = trialOf(draftOfShape(request, '3'));
  builder.addCase({
    trial,
    verdict: hang(1),
    observation: observed([utf8('o')]),
    expectation: { answers: [utf8('ok')], ended: 'open' },
    shrunk: { trial: smallest, runs: 9, verdict: hang() },
  });
  const [shown] = builder.build(1).cases;
  expect(shown).toMatchObject({
    verdict: hang(),
    shrunk: { trial: { shape: '3' }, runs: 9 },
    replay: expect.stringMatching(/at:3$/) as string,
  });
  expect(builder.build(1).sends[0]?.cells).toBe('--h-----------');
});

test('the first cases are kept, in the order of the campaign, however they come in', () => {
  const builder = builderOf({ judge: () => ({ kind: 'pass' }) });
  const indexes = Array.from({ length: 150 }, (_, index) => (index * 7) % 150);
  for (const index of indexes) {
    const trial = trialOf({ index, steps: plainSteps(request) });
    builder.add(trial, hang());
    builder.addCase({ trial, verdict: hang(), observation: observed([]), expectation: { answers: [utf8('ok')], ended: 'open' } });
  }
  const report = builder.build(1);
  expect(report.cases.map(({ trial }) => trial.index)).toEqual(Array.from({ length: MAX_CASES }, (_, index) => index));
  expect(report.omittedCases).toBe(50);
  expect(builder.wantsCase(trialOf({ index: 98, steps: [] }))).toBe(true);
  expect(builder.wantsCase(trialOf({ index: 100, steps: [] }))).toBe(false);
});

test('cuts that end our side too, glue or cut twice are not single cuts', () => {
  for (const plans of ['half-close', 'glue:2', 'bytes:4', 'glue+cut']) {
    expect(sample({ plans, judge: () => hang() }).sends[0]?.cells).toBe('-'.repeat(14));
  }
});

const failsEveryCut = ({ plan }: { readonly plan: string }) => (plan === 'every-cut' ? hang() : ({ kind: 'pass' } as const));

test('of one cut that is tried twice the worse verdict stands', () => {
  expect(sample({ plans: 'boundary:0+every-cut', judge: failsEveryCut }).sends[0]?.cells).toBe('h'.repeat(14));
  expect(sample({ plans: 'every-cut+boundary:0', judge: failsEveryCut }).sends[0]?.cells).toBe('h'.repeat(14));
});

test('a long request is held in part, and a long shape is left out', () => {
  const long = requestExchange(new Uint8Array(100_000));
  const report = sample({ exchange: long, plans: 'drip', judge: () => hang() });
  expect(report.sends[0]?.hex).toHaveLength(65_536 * 2);
  expect(report.cases[0]?.trial).toEqual({ id: 'drip#0', index: 0, plan: 'drip', pieces: 100_000 });
  expect(report.cases[0]).not.toHaveProperty('replay');
  expect(JSON.stringify(report).length).toBeLessThan(400_000);
});

test('every verdict and every failure has a cell of its own', () => {
  const cells = [
    ...VERDICT_KINDS.filter((kind) => kind !== 'fail').map((kind) => cellOf(kind === 'flaky' ? { kind, detail: '' } : { kind })),
    ...FAILURE_KINDS.map((failure) => cellOf({ ...hang(), failure })),
  ];
  expect(new Set(cells).size).toBe(VERDICT_KINDS.length - 1 + FAILURE_KINDS.length);
  expect([...cells, '-'].toSorted()).toEqual(CELLS.map(({ cell }) => cell).toSorted());
  expect([worseCell('.', 'h'), worseCell('h', '.'), worseCell('-', '.')]).toEqual(['h', 'h', '.']);
});

const none = { pass: 0, fail: 0, unconfirmed: 0, flaky: 0 };

test.each<[ControlSummary['kind'], Partial<Record<VerdictKind, number>>, Outcome, number]>([
  ['ok', { pass: 5 }, 'pass', 0],
  ['ok', { pass: 5, fail: 1, flaky: 1, unconfirmed: 1 }, 'fail', 1],
  ['ok', { pass: 5, unconfirmed: 1 }, 'unconfirmed', 3],
  ['ok', { pass: 5, unconfirmed: 1, flaky: 1 }, 'flaky', 4],
  ['flaky', { fail: 1 }, 'flaky', 4],
  ['failed', {}, 'control-failed', 4],
])('a control that is %s and %j come to %s, exit code %i', (kind, totals, outcome, code) => {
  expect(outcomeOf({ kind }, { ...none, ...totals })).toBe(outcome);
  expect(exitCodeOf(outcome)).toBe(code);
});

test('a report without a control says that nothing was learnt', () => {
  expect(builderOf({ control: 'failed' }).build(1).outcome).toBe('control-failed');
});
