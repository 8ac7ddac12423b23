import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonEnd, firstDifference } from '../../src/bytes/difference.ts';
import { plainSteps } from '../../src/plans/base/steps.ts';
import { compare } from '../../src/trial/compare.ts';
import { applyMasks, DEFAULT_MASKS, parseMask } from '../../src/trial/masks.ts';
import { observed, oneFrame, trialOf, utf8 } from '../exchanges.ts';
import type { Mask } from '../../src/trial/masks.ts';

const LINE = 'a line of a long page\n';

/** An answer of about a megabyte with a date near its beginning and an id in its middle. */
function page(date: string, id: string): string {
  return `HTTP/1.1 200 OK\r\nDate: Mon, 30 Nov 2026 10:00:${date} GMT\r\n\r\n${LINE.repeat(25_000)}id=${id}\n${LINE.repeat(25_000)}`;
}

function verdictOn(wanted: string, seen: string, masks: readonly Mask[]): string {
  const trial = trialOf({ steps: plainSteps(oneFrame) });
  return compare(trial, observed([utf8(seen)]), { answers: [utf8(wanted)], ended: 'open' }, masks).kind;
}

test('long answers that differ in what is masked are equal, and in anything else not', () => {
  const masks = [...DEFAULT_MASKS, parseMask(String.raw`(?<keep>id=)\d+`)];
  expect(verdictOn(page('01', '7'), page('02', '7'), masks)).toBe('pass');
  expect(verdictOn(page('01', '7'), page('02', '12345'), masks)).toBe('pass');
  expect(verdictOn(page('01', '7'), page('02', 'x'), masks)).toBe('fail');
  expect(verdictOn(page('01', '7'), `${page('02', '7')}!`, masks)).toBe('fail');
});

function tagged(text: string): string {
  const lines = LINE.repeat(1000);
  return `${lines}<${lines}${text}${lines}>${lines}`;
}

test('a mask of more bytes than are looked at around a difference still counts', () => {
  const masks = [parseMask('<[^>]*>')];
  expect(verdictOn(tagged('one'), tagged('two'), masks)).toBe('pass');
});

const bytes = fc.uint8Array({ maxLength: 60, max: 2 });

test('differences and common ends are those that a look at each byte finds', () => {
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      const shared = Math.min(left.length, right.length);
      const slow = left.subarray(0, shared).findIndex((byte, at) => byte !== right[at]);
      expect(firstDifference(left, right)).toBe(slow >= 0 ? slow : left.length === right.length ? undefined : shared);
      const end = commonEnd(left, right, shared);
      expect([...left.subarray(left.length - end)]).toEqual([...right.subarray(right.length - end)]);
      expect(end === shared || left.at(-1 - end) !== right.at(-1 - end)).toBe(true);
    }),
  );
  const big = new Uint8Array(50_000);
  const other = Uint8Array.from(big);
  other[33_333] = 1;
  expect(firstDifference(big, other)).toBe(33_333);
  expect(commonEnd(big, other, big.length)).toBe(50_000 - 33_334);
});

test('what is equal in a window is equal as a whole', () => {
  const masks = [...DEFAULT_MASKS];
  const [one, other] = [page('01', '7'), page('59', '7')].map(utf8);
  expect(applyMasks(one!, masks)).toEqual(applyMasks(other!, masks));
});
