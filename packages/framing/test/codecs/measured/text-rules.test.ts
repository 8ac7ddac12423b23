import { expect, test } from 'vitest';
import { bodyOf, headOf, lengthOf } from '../../../src/codecs/measured/text-rules.ts';
import type { TextCondition } from '../../../src/codecs/measured/text-rules.ts';

const head = headOf('SET key 5\r\nLength: 7\r\nlength:7\r\nKind: A\r\n\r\n');

test('a head has the words of its first line, and values by names in any case', () => {
  expect([head.firstLine, head.words, head.headers.get('length')]).toEqual(['SET key 5', ['SET', 'key', '5'], ['7', '7']]);
});

test.each<[TextCondition, boolean]>([
  [{ startsWith: ['GET', 'SET'] }, true],
  [{ startsWith: ['set'] }, false],
  [{ word: { at: 0, is: ['set'] } }, true],
  [{ word: { at: -1, is: ['5'] } }, true],
  [{ word: { at: 9, is: ['5'] } }, false],
  [{ character: { at: 3, is: ' -' } }, true],
  [{ character: { at: 99, is: ' ' } }, false],
  [{ header: { name: 'LENGTH' } }, true],
  [{ header: { name: 'kind', is: ['a'] } }, true],
  [{ header: { name: 'kind', is: ['b'] } }, false],
  [{ header: { name: 'other' } }, false],
  [{ endsWith: ' 5' }, true],
  [{ endsWith: '{n}' }, false],
])('%j holds: %s', (when, holds) => {
  expect(bodyOf([{ when, body: 'chunked' }, { body: 'none' }], head)).toBe(holds ? 'chunked' : 'none');
});

test('of several conditions all must hold, and a rule must fit', () => {
  const [yes, no] = [{ startsWith: ['SET'] }, { startsWith: ['GET'] }];
  expect(
    bodyOf(
      [
        { when: [yes, no], body: 'more' },
        { when: [yes, yes], body: 'none' },
      ],
      head,
    ),
  ).toBe('none');
  for (const rules of [[{ when: no, body: 'none' as const }], [{ body: 'refuse' as const }]]) {
    expect(() => bodyOf(rules, head)).toThrow('no length is known after "SET key 5"');
  }
});

test('a length is decimal digits, and the same wherever it stands', () => {
  expect(lengthOf({ word: -1 }, head)).toBe(5);
  expect(lengthOf({ header: 'Length' }, head)).toBe(7);
  expect(lengthOf({ braces: true }, headOf('A1 LOGIN {12+}\r\n'))).toBe(12);
  expect(() => lengthOf({ word: 0 }, head)).toThrow('a length is decimal digits, received "SET"');
  expect(() => lengthOf({ header: 'none' }, head)).toThrow('received ""');
  expect(() => headOf('A\n no colon\n\n')).toThrow('no header line: " no colon"');
});
