import { utf8 } from '@socklab/lab';
import { assert, integer, property, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/pages/playground/verdict.ts';
import type { Fate } from '../../../src/pages/playground/verdict.ts';

function judged(sent: readonly string[], received: readonly string[], keepsBoundaries = false): ReturnType<typeof judge> {
  return judge(sent.map(utf8), received.map(utf8), keepsBoundaries);
}

describe('judge', () => {
  test.each<[Fate, readonly string[], readonly string[]]>([
    ['whole', ['ab', 'cd'], ['ab', 'cd']],
    ['glued', ['ab', 'cd'], ['abcd']],
    ['glued', ['ab', 'cd', 'ef'], ['ab', 'cdef']],
    ['cut', ['abcd'], ['ab', 'cd']],
    ['cut', ['ab', 'cd'], ['a', 'b', 'cd']],
    ['glued-and-cut', ['ab', 'cd'], ['abc', 'd']],
    ['empty-lost', ['ab', '', 'cd'], ['ab', 'cd']],
    ['different', ['ab'], ['ax']],
    ['different', ['ab', 'cd'], ['ab']],
    ['different', [], ['a']],
  ])('says %s of %j received as %j', (fate, sent, received) => {
    expect(judged(sent, received)).toMatchObject({ fate, sentMessages: sent.length, receivedMessages: received.length });
  });

  test('says it in words, in both languages', () => {
    expect(judged(['a', 'b', 'c'], ['abc']).sentence).toEqual({
      en: '3 messages sent, 1 read: glued',
      zh: '发送了 3 条消息，读到 1 条：粘包',
    });
    expect(judged(['abc'], ['a', 'bc']).sentence).toEqual({ en: '1 message sent, 2 read: cut', zh: '发送了 1 条消息，读到 2 条：拆包' });
  });

  test('what is whole without framing is whole by chance', () => {
    expect(judged(['a'], ['a'], false).sentence.en).toBe('1 message sent, 1 read: whole this time, though nothing keeps them apart');
    expect(judged(['a'], ['a'], true).sentence.en).toBe('1 message sent, 1 read: all whole');
  });

  test('shows the first difference, counted from 1, and where one side has no more', () => {
    expect(judged(['ab', 'cd'], ['ab', 'c', 'd']).firstDifference).toEqual({ number: 2, sent: 'cd', received: 'c' });
    expect(judged(['ab', 'cd'], ['ab']).firstDifference).toEqual({ number: 2, sent: 'cd', received: null });
    expect(judged(['ab'], ['ab', 'c']).firstDifference).toEqual({ number: 2, sent: null, received: 'c' });
    expect(judged(['ab'], ['ab']).firstDifference).toBeNull();
  });

  test('shortens what it shows', () => {
    const { firstDifference } = judged(['a'.repeat(500)], ['b'.repeat(500)]);
    expect(firstDifference).toEqual({ number: 1, sent: `${'a'.repeat(120)}… (+380 bytes)`, received: `${'b'.repeat(120)}… (+380 bytes)` });
  });

  test('a stream cut anywhere is glued where an end is missing and cut where one is new', () => {
    const cuts = uniqueArray(integer({ min: 1, max: 9 }));
    assert(
      property(cuts, cuts, (meant, seen) => {
        const { fate } = judged(split('0123456789', meant), split('0123456789', seen));
        const isGlued = meant.some((at) => !seen.includes(at));
        const isCut = seen.some((at) => !meant.includes(at));
        const wanted: Fate = isGlued ? (isCut ? 'glued-and-cut' : 'glued') : isCut ? 'cut' : 'whole';
        expect(fate).toBe(wanted);
      }),
    );
  });
});

function split(text: string, cuts: readonly number[]): readonly string[] {
  const ends = [0, ...cuts.toSorted((one, other) => one - other), text.length];
  return ends.slice(1).map((end, index) => text.slice(ends[index], end));
}
