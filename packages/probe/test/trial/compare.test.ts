import { expect, test } from 'vitest';
import { controlTrial, gluedSteps, plainSteps, roundsSteps } from '../../src/plans/base/steps.ts';
import { compare, expectationOf } from '../../src/trial/compare.ts';
import { judgeControl } from '../../src/trial/control.ts';
import { looksLikeError } from '../../src/trial/error-replies.ts';
import { parseMask } from '../../src/trial/masks.ts';
import { conversation, hex, observed, oneFrame, trialOf, utf8 } from '../exchanges.ts';
import type { Ending, Observation, Verdict } from '../../src/types.ts';

const plain = trialOf({ steps: plainSteps(oneFrame) });

/** The verdict on an answer where the control had `wanted`. */
function verdictOn(wanted: string, seen: string, more: Partial<Observation> = {}, controlEnded: Ending = 'open'): Verdict {
  return compare(plain, observed([utf8(seen)], more), { answers: [utf8(wanted)], ended: controlEnded });
}

test('the same answer, with delivery confirmed, passes', () => {
  expect(verdictOn('ok', 'ok')).toEqual({ kind: 'pass' });
});

test('the same answer without confirmed delivery is unconfirmed, never a pass', () => {
  expect(verdictOn('ok', 'ok', { confirmed: false })).toEqual({ kind: 'unconfirmed' });
});

test('a failure is one, confirmed or not', () => {
  expect(verdictOn('ok', 'no', { confirmed: false })).toMatchObject({ kind: 'fail' });
});

test.each<[string, string, Partial<Observation>, string, number, string]>([
  ['answer', 'ans', { ended: 'timeout' }, 'hang', 3, 'nothing more came after 3 of 6 bytes of the answer'],
  ['answer', '', { ended: 'reset' }, 'reset', 0, 'the connection was reset after 0 of 6 bytes of the answer'],
  ['answer', 'ans', { ended: 'fin' }, 'closed', 3, 'the connection was closed after 3 of 6 bytes of the answer'],
  ['answer', 'ans', { ended: 'open' }, 'missing-bytes', 3, 'the answer ended after 3 of 6 bytes of the answer'],
  ['answer', 'anTwer', {}, 'wrong-bytes', 2, 'byte 2 of the answer is 54, the control has 73'],
  ['answer', 'answers', {}, 'extra-bytes', 6, '1 byte after the whole answer of 6 bytes'],
  ['answer', 'answersss', { overflowed: true }, 'extra-bytes', 6, 'more bytes than are kept after the whole answer of 6 bytes'],
  ['HTTP/1.1 200 OK', 'HTTP/1.1 400 Bad', { ended: 'fin' }, 'error-reply', 9, 'answered with an HTTP error 400'],
  ['+OK\r\n', '-ERR unknown\r\n', {}, 'error-reply', 0, 'answered with a Redis error ERR'],
  ['+OK\r\n+OK\r\n', '+OK\r\n-ERR no\r\n', {}, 'error-reply', 5, 'answered with a Redis error ERR'],
  [
    'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK',
    'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 No',
    {},
    'error-reply',
    28,
    'answered with an HTTP error 400',
  ],
])('where the control has %j, %j is a failure', (wanted, seen, more, failure, at, detail) => {
  expect(verdictOn(wanted, seen, more)).toEqual({ kind: 'fail', failure, answer: 0, at, detail });
});

test('an error that the control has too is compared like any answer', () => {
  expect(verdictOn('-ERR a\r\n', '-ERR b\r\n')).toMatchObject({ failure: 'wrong-bytes', at: 5 });
});

test('an end behind the right answer fails only where the control had none', () => {
  expect(verdictOn('ok', 'ok', { ended: 'fin' })).toMatchObject({ failure: 'closed', at: 2 });
  expect(verdictOn('ok', 'ok', { ended: 'reset' })).toMatchObject({ failure: 'reset' });
  expect(verdictOn('ok', 'ok', { ended: 'fin' }, 'fin')).toEqual({ kind: 'pass' });
  expect(verdictOn('ok', 'ok', { ended: 'open' }, 'fin')).toEqual({ kind: 'pass' });
});

test('a trial that ends our side may end theirs', () => {
  const ending = trialOf({ steps: plainSteps(oneFrame, { end: true }) });
  const expectation = { answers: [utf8('ok')], ended: 'open' } as const;
  expect(compare(ending, observed([utf8('ok')], { ended: 'fin' }), expectation)).toEqual({ kind: 'pass' });
  expect(compare(ending, observed([utf8('ok')], { ended: 'reset' }), expectation)).toMatchObject({ failure: 'reset' });
});

test('what masks cover may differ, in length too', () => {
  const expectation = { answers: [utf8('id=1 end')], ended: 'open' } as const;
  const mask = [parseMask('id=\\d+')];
  expect(compare(plain, observed([utf8('id=12345 end')]), expectation, mask)).toEqual({ kind: 'pass' });
  expect(compare(plain, observed([utf8('id=12345 emd')]), expectation, mask)).toMatchObject({ failure: 'wrong-bytes', at: 8 });
});

test('an answer that was never reached is missing', () => {
  const steps = plainSteps(conversation);
  const expectation = { answers: [utf8('a'), utf8('b'), utf8('c')], ended: 'open' } as const;
  const verdict = compare(trialOf({ steps }), observed([utf8('a')], { ended: 'timeout' }), expectation);
  expect(verdict).toMatchObject({ failure: 'hang', answer: 1, at: 0 });
});

test('answers of glued sends are those of the control, joined', () => {
  const control = observed([utf8('a'), utf8('bb'), utf8('ccc')], { ended: 'fin' });
  const trial = trialOf({ steps: gluedSteps(conversation, 0, 1) });
  expect(expectationOf(trial, control)).toEqual({ answers: [utf8('a'), utf8('bbccc')], ended: 'fin' });
  const rounds = trialOf({ repeat: 2, steps: roundsSteps(oneFrame, 2) });
  expect(expectationOf(rounds, observed([utf8('x'), utf8('y')])).answers).toEqual([utf8('xy')]);
});

test.each([
  ['HTTP/1.0 503 Busy', 'an HTTP error 503'],
  ['-WRONGTYPE Operation', 'a Redis error WRONGTYPE'],
  ['CLIENT_ERROR bad', 'a memcached error CLIENT_ERROR'],
  ['E\0\0\0fSFATAL\0', 'a PostgreSQL error FATAL'],
  ['500 unrecognized', 'an SMTP or FTP error 500'],
  ['a1 BAD no', 'an IMAP or POP3 error'],
  ['{"error":1}', 'a JSON error'],
])('%j looks like an error', (answer, what) => {
  expect(looksLikeError(utf8(answer))).toBe(what);
});

test('a MySQL error looks like one', () => {
  expect(looksLikeError(hex('1700000 1ff150423'.replaceAll(' ', '')))).toBe('a MySQL error');
});

test.each(['HTTP/1.1 204', '+OK', '-1', 'VALUE x', '250 ok', 'hello', ''])('%j looks like no error', (answer) => {
  expect(looksLikeError(utf8(answer))).toBeUndefined();
});

test('control runs that agree are ok', () => {
  const runs = [1, 2, 3].map((durationMs) => observed([utf8('ok')], { durationMs }));
  expect(judgeControl(oneFrame, runs)).toEqual({ kind: 'ok' });
});

test('control runs that all say no are ok, and the detail says so', () => {
  const runs = [1, 2, 3].map(() => observed([utf8('HTTP/1.1 400 Bad Request')]));
  expect(judgeControl(oneFrame, runs)).toEqual({
    kind: 'ok',
    detail: 'answer 0 is an HTTP error 400, and trials are compared with that',
  });
});

test('control runs that differ are flaky, unless a mask covers it', () => {
  const runs = ['n=1', 'n=1', 'n=2'].map((text) => observed([utf8(text)]));
  expect(judgeControl(oneFrame, runs)).toEqual({
    kind: 'flaky',
    detail: expect.stringMatching(/^runs 1 and 3 of the unsplit exchange differ in answer 0: byte 2 of the answer is 32/) as string,
    variation: { where: ['in answer 0 byte 2 ("1", "2") differs'], masks: [String.raw`(?<keep>n=)\d+`] },
  });
  expect(judgeControl(oneFrame, runs, [parseMask('n=\\d')])).toEqual({ kind: 'ok' });
});

test.each<[string, readonly Observation[]]>([
  ['no whole answer in time', [observed([utf8('o')], { ended: 'timeout' })]],
  ['the connection was reset', [observed([utf8('ok')]), observed([utf8('ok')], { ended: 'reset' })]],
  ['no answer came', [observed([utf8('')])]],
  ['the connection was closed without an answer', [observed([utf8('')], { ended: 'fin' })]],
  ['after 0 of 1 answers', [observed([], { ended: 'fin' })]],
  ['the unsplit exchange was not run', []],
])('a control fails when %s', (detail, runs) => {
  expect(judgeControl(oneFrame, runs)).toEqual({ kind: 'failed', detail: expect.stringContaining(detail) as string });
});

test('the control of two rounds is judged by its own answers', () => {
  const { steps } = controlTrial(oneFrame, 2);
  const control = observed([utf8('1'), utf8('2')]);
  expect(compare(trialOf({ repeat: 2, steps }), control, expectationOf(trialOf({ repeat: 2, steps }), control))).toEqual({ kind: 'pass' });
});
