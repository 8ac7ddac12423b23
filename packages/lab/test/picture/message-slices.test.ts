import { assert, property, array, integer, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_SLICES, messagesBeginningIn, slicesOf } from '../../src/picture/message-slices.ts';
import type { ByteRange } from '../../src/picture/flow.ts';

/** hello (0–4), alex (5–8), nothing (9), haha (9–12) */
const MESSAGES = messagesOf(5, 4, 0, 4);

function messagesOf(...lengths: readonly number[]): readonly ByteRange[] {
  let start = 0;
  return lengths.map((length) => {
    const range = { start, end: start + length };
    start = range.end;
    return range;
  });
}

function told(range: ByteRange, messages: readonly ByteRange[] = MESSAGES): readonly string[] {
  return slicesOf(messages, range).map(
    ({ message, start, end, hasStart, hasEnd }) => `${hasStart ? '' : '…'}${message ?? 'none'}${hasEnd ? '' : '…'} ${start}-${end}`,
  );
}

describe('the parts of a range', () => {
  test('are the whole messages that were glued together', () => {
    expect(told({ start: 0, end: 9 })).toEqual(['1 0-5', '2 5-9']);
  });

  test('tell which end of a message is missing, for a cut at every byte', () => {
    for (let cut = 1; cut < 5; cut++) {
      expect(told({ start: 0, end: cut })).toEqual([`1… 0-${cut}`]);
      expect(told({ start: cut, end: 9 })).toEqual([`…1 ${cut}-5`, '2 5-9']);
    }
    expect(told({ start: 2, end: 3 })).toEqual(['…1… 2-3']);
  });

  test('have a message without bytes once, where it stands', () => {
    expect(told({ start: 9, end: 13 })).toEqual(['3 9-9', '4 9-13']);
    expect(told({ start: 5, end: 9 })).toEqual(['2 5-9']);
    expect(told({ start: 9, end: 9 })).toEqual(['3 9-9']);
  });

  test('have bytes before, between and after messages as bytes of none', () => {
    const messages = [
      { start: 2, end: 4 },
      { start: 6, end: 8 },
    ];
    expect(told({ start: 0, end: 10 }, messages)).toEqual(['none 0-2', '1 2-4', 'none 4-6', '2 6-8', 'none 8-10']);
    expect(told({ start: 4, end: 6 }, messages)).toEqual(['none 4-6']);
  });

  test('are no more than can be told apart; the last stands for how many are left', () => {
    const messages = messagesOf(...Array.from({ length: 1000 }, () => 3));
    const slices = slicesOf(messages, { start: 0, end: 3000 });
    expect(slices).toHaveLength(MAX_SLICES + 1);
    expect(slices.at(-1)).toMatchObject({ message: null, start: MAX_SLICES * 3, end: 3000, merged: 1000 - MAX_SLICES });
  });

  test('cover a range exactly, whatever the messages are', () => {
    const cases = tuple(
      array(integer({ min: 0, max: 9 }), { maxLength: 40 }),
      integer({ min: 0, max: 400 }),
      integer({ min: 1, max: 400 }),
    );
    assert(
      property(cases, ([lengths, start, length]) => {
        const range = { start, end: start + length };
        const slices = slicesOf(messagesOf(...lengths), range);
        expect(slices[0]?.start).toBe(range.start);
        expect(slices.at(-1)?.end).toBe(range.end);
        for (const [at, slice] of slices.slice(1).entries()) expect(slice.start).toBe(slices[at]?.end);
      }),
    );
  });
});

test('the messages that begin in a range are those whose first byte is there', () => {
  expect(messagesBeginningIn(MESSAGES, { start: 0, end: 9 })).toEqual({ start: 0, end: 2 });
  expect(messagesBeginningIn(MESSAGES, { start: 1, end: 6 })).toEqual({ start: 1, end: 2 });
  expect(messagesBeginningIn(MESSAGES, { start: 6, end: 9 })).toEqual({ start: 2, end: 2 });
  expect(messagesBeginningIn(MESSAGES, { start: 9, end: 13 })).toEqual({ start: 2, end: 4 });
});
