import { describe, expect, test } from 'vitest';
import { createExchange, requestExchange } from '../../src/exchange/create.ts';
import { planTrials } from '../../src/plans/base/sequence.ts';
import { parsePlan } from '../../src/plans/parse.ts';
import { conversation, hex, oneFrame, pipelined, twoFrames, utf8 } from '../exchanges.ts';
import { cutsOfPlan, onlyCuts, trialsOf } from './cuts-of-plan.ts';
import type { StepInput } from '../../src/exchange/create.ts';

const four = requestExchange(utf8('four'));

test('every-cut cuts at each position, send by send', () => {
  expect(onlyCuts(four, 'every-cut')).toEqual([[1], [2], [3]]);
  const cuts = cutsOfPlan(conversation, 'every-cut');
  expect(cuts).toHaveLength(9 + 5);
  expect([cuts[0], cuts[8], cuts[9], cuts[13]]).toEqual([
    [[1], []],
    [[9], []],
    [[], [1]],
    [[], [5]],
  ]);
});

test('every-pair takes any two positions of a short request', () => {
  expect(onlyCuts(requestExchange(utf8('abcde')), 'every-pair')).toEqual([
    [1, 2],
    [1, 3],
    [2, 3],
    [1, 4],
    [2, 4],
    [3, 4],
  ]);
  expect(onlyCuts(requestExchange(new Uint8Array(64)), 'every-pair')).toHaveLength((63 * 62) / 2);
});

test('every-pair stays near line ends and frame ends in a long request', () => {
  const long = requestExchange(utf8(`${'a'.repeat(50)}\r\n${'b'.repeat(50)}`));
  const places = [...new Set(onlyCuts(long, 'every-pair').flat())].toSorted((left, right) => left - right);
  expect(places).toEqual([1, 49, 50, 51, 52, 53, 101]);
});

test('bytes:N makes pieces of N bytes of all sends in one trial', () => {
  expect(cutsOfPlan(conversation, 'bytes:4')).toEqual([[[4, 8], [4]]]);
});

test('sizes makes a trial that begins with each size', () => {
  expect(onlyCuts(requestExchange(new Uint8Array(12)), 'sizes:1,3,7')).toEqual([
    [1, 4, 11],
    [3, 10, 11],
    [7, 8, 11],
  ]);
});

test('drip sends each byte on its own', () => {
  expect(onlyCuts(four, 'drip')).toEqual([[1, 2, 3]]);
});

test('random:N draws the same cuts from the same seed on every machine', () => {
  const request = requestExchange(new Uint8Array(100));
  const drawn = (seed: number) => onlyCuts(request, 'random:6', { seed }).map((cuts) => cuts.join(' '));
  expect(drawn(7)).toMatchInlineSnapshot(`
    [
      "10 15 27 32 36 44 45 46 56 57 64 72 87 88 89 96 97",
      "91",
      "1 2 4 5 7 14 15 17 18 22 25 26 27 28 33 34 35 38 42 44 45 47 48 50 52 53 59 64 65 68 69 72 73 75 80 81 83 88 89 91 93 95 97 99",
      "14 18 20",
      "33 49 59 60",
      "8",
    ]
  `);
  expect(drawn(8)).not.toEqual(drawn(7));
});

test('boundary cuts so many bytes from where frames and payloads begin and end', () => {
  expect(onlyCuts(twoFrames, 'boundary:0')).toEqual([[4], [6], [10]]);
  expect(onlyCuts(twoFrames, 'boundary:-1,1')).toEqual([[1], [3], [5], [7], [9], [11], [12]]);
});

test('prefix cuts inside each length, at each position and at all of them', () => {
  expect(onlyCuts(twoFrames, 'prefix')).toEqual([[1], [2], [3], [7], [8], [9], [1, 2, 3], [7, 8, 9]]);
});

test('utf8 cuts inside characters of several bytes and nowhere else', () => {
  expect(onlyCuts(requestExchange(utf8('aé世🌍z')), 'utf8')).toEqual([[2], [4], [5], [7], [8], [9]]);
  expect(() => trialsOf(requestExchange(hex('c3c3e4b8ff80f4')), 'utf8')).toThrow(/nothing in this exchange that utf8 would cut/);
});

test('crlf cuts inside line ends, inside an empty line, and everywhere at once', () => {
  expect(onlyCuts(requestExchange(utf8('a\r\nb\r\n\r\nc\rd\n')), 'crlf')).toEqual([[2], [5], [6], [7], [2, 5, 6, 7]]);
});

test('glue:N plays one request N times in one write and awaits all answers', () => {
  const [trial] = trialsOf(four, 'glue:3');
  expect(trial).toMatchObject({ repeat: 3, plan: 'glue:3' });
  expect(trial?.steps).toEqual([
    { kind: 'burst', sends: [0, 0, 0], pieces: [{ start: 0, end: 12 }], end: false },
    { kind: 'await', answers: [0, 1, 2] },
  ]);
});

test('glue:N glues sends that follow each other, and awaits their answers behind them', () => {
  const [trial, ...others] = trialsOf(conversation, 'glue:2');
  expect(others).toEqual([]);
  expect(trial?.steps).toEqual([
    { kind: 'await', answers: [0] },
    { kind: 'burst', sends: [0, 1], pieces: [{ start: 0, end: 16 }], end: false },
    { kind: 'await', answers: [1, 2] },
  ]);
});

test('glue:N leaves the sends before and behind as they are', () => {
  const steps = ['a', 'b', 'c'].flatMap((text) => [{ send: utf8(text), glue: true }, { expect: { kind: 'control' } as const }]);
  const trials = trialsOf(createExchange({ steps }), 'glue:2');
  expect(trials.map((trial) => trial.steps.map((step) => (step.kind === 'burst' ? step.sends : step.answers)))).toEqual([
    [[0, 1], [0, 1], [2], [2]],
    [[0], [0], [1, 2], [1, 2]],
  ]);
});

test('glue:N plays whole rounds where an exchange has fewer sends and its first one may follow the last', () => {
  const [trial, ...others] = trialsOf(pipelined, 'glue:3');
  expect(others).toEqual([]);
  expect(trial).toMatchObject({ repeat: 2, plan: 'glue:3' });
  expect(trial?.steps).toEqual([
    { kind: 'burst', sends: [0, 1, 0, 1], pieces: [{ start: 0, end: 10 }], end: false },
    { kind: 'await', answers: [0, 1, 2, 3] },
  ]);
});

test('glue:N says where fewer than N requests follow each other', () => {
  const clause = '3 requests in one write: at most 2 follow each other without a wait';
  expect(planTrials(parsePlan('glue:3'), conversation).plans).toEqual([{ plan: 'glue:3', count: 1, untried: clause }]);
  expect(planTrials(parsePlan('glue:3'), pipelined, { isReusable: false }).plans).toEqual([{ plan: 'glue:3', count: 1, untried: clause }]);
});

const wait = { expect: { kind: 'control' } } as const;
const gluedIn = (steps: readonly StepInput[], plan: string) =>
  trialsOf(createExchange({ steps }), plan).flatMap((trial) =>
    trial.steps.flatMap((step) => (step.kind === 'burst' && step.sends.length > 1 ? [step.sends.join(' ')] : [])),
  );

describe('what is glued', () => {
  test('never spans a wait: what comes behind an answer may be for somebody else', () => {
    const mail = [{ send: utf8('DATA\r\n') }, wait, { send: utf8('text\r\n.\r\n') }, wait];
    for (const plan of ['glue:2', 'glue:9', 'glue+cut'])
      expect(() => gluedIn(mail, plan)).toThrow(/an answer is awaited between any two, and none is marked "glue": true/);
  });

  test('is what nothing is awaited between', () => {
    const sends = [{ send: utf8('aa') }, { send: utf8('bb') }, wait, { send: utf8('cc') }, { send: utf8('dd') }, { send: utf8('ee') }];
    expect(gluedIn(sends, 'glue:2')).toEqual(['0 1', '2 3', '3 4']);
    expect(gluedIn(sends, 'glue:3')).toEqual(['0 1', '2 3 4']);
    expect(new Set(gluedIn(sends, 'glue+cut'))).toEqual(new Set(['0 1', '2 3', '3 4']));
  });

  test('leaves out a send that is marked "glue": false', () => {
    const sends = [{ send: utf8('a') }, { send: utf8('b'), glue: false }, { send: utf8('c') }];
    expect(gluedIn(sends, 'glue:2')).toEqual(['1 2']);
    expect(() => gluedIn([{ send: utf8('a'), glue: false }], 'glue:2')).toThrow(/the request is marked "glue": false/);
  });
});

test('glue plays nothing twice where the connection ends with the answer', () => {
  expect(() => trialsOf(four, 'glue:2', { isReusable: false })).toThrow(/the connection ends with the answer/);
  const closing = requestExchange(utf8('four'), { until: { kind: 'close' } });
  expect(() => trialsOf(closing, 'glue:2+glue+cut')).toThrow(/nothing in this exchange/);
});

test('glue+cut puts the end of one frame and the head of the next in one piece', () => {
  const cuts = onlyCuts(twoFrames, 'glue+cut', { isReusable: false });
  expect(cuts).toContainEqual([5, 7]);
  expect(cuts).toContainEqual([5, 10]);
  // All of the first frame and a part of the length of the second.
  expect(cuts).toContainEqual([8]);
  expect(cuts.every((each) => each.some((cut) => cut > 6))).toBe(true);
});

test('glue+cut cuts around the end of a request that is played twice', () => {
  const trials = trialsOf(oneFrame, 'glue+cut');
  expect(trials.every(({ repeat }) => repeat === 2)).toBe(true);
  expect(onlyCuts(oneFrame, 'glue+cut')).toEqual([[9], [5], []].flatMap((tail) => [11, 12, 13, 14, 15, 19].map((head) => [...tail, head])));
});

test('glue+cut stays with the first thousand boundaries', () => {
  const lines = requestExchange(utf8('x\n'.repeat(2000)), { framing: 'line' });
  const cuts = onlyCuts(lines, 'glue+cut', { isReusable: false });
  expect(Math.max(...cuts.flat())).toBe(2 * 1000 + 1);
});

test('half-close ends our side behind the last send, whole and cut', () => {
  const trials = trialsOf(conversation, 'half-close');
  const last = trials.map(({ steps }) => steps.findLast((step) => step.kind === 'burst'));
  expect(last.map((burst) => burst?.end)).toEqual([true, true, true]);
  expect(cutsOfPlan(conversation, 'half-close')).toEqual([
    [[], []],
    [[], [3]],
    [[], [5]],
  ]);
});

test('at does exactly what it says', () => {
  expect(onlyCuts(twoFrames, 'at:2,7')).toEqual([[2, 7]]);
  expect(cutsOfPlan(conversation, 'at:0@3/1@5')).toEqual([[[3], [5]]]);
});

test.each(['boundary:0', 'prefix'])('%s without a framing says what to give', (plan) => {
  expect(() => trialsOf(four, plan)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_NO_TRIALS', message: expect.stringContaining('--framing') as string }),
  );
});
