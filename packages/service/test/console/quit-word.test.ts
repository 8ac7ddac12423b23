import { createQuitListener, quitMatcher, withoutLineEnding } from '@socklab/service';
import { expect, test } from 'vitest';

test.each([
  ['q', 'q', true],
  ['q', 'q\n', true],
  ['q', 'q\r\n', true],
  ['q', 'q\n\n', false],
  ['q', 'qq', false],
  ['q', '', false],
  ['', '', false],
  ['', '\n', false],
  ['再见', '再见\n', true],
])('with the quit word %j, %j quits: %s', (quit, text, quits) => {
  expect(quitMatcher(quit)(Buffer.from(text))).toBe(quits);
});

test('one line ending is not part of what was said', () => {
  const said = ['hi\n', 'hi\r\n', 'hi\n\n', 'hi\r', '\n', ''].map((text) => Buffer.from(withoutLineEnding(Buffer.from(text))).toString());
  expect(said).toEqual(['hi', 'hi', 'hi\n', 'hi\r', '', '']);
});

/** Pieces as they come, and what the last of them means; `pause` when a pause after it makes it count. */
const QUIT_IN_PIECES: readonly (readonly [readonly string[], 'said' | 'not-said' | 'undecided' | 'pause'])[] = [
  [['q\n'], 'said'],
  [['q', '\r\n'], 'said'],
  [['q', '\r', '\n'], 'said'],
  [['hello\n', 'q\n'], 'said'],
  [['hello\nq\n'], 'said'],
  [['hello\r\n', 'q', '\r\n'], 'said'],
  [['hello', 'q\n'], 'said'],
  [['q'], 'pause'],
  [['q\r'], 'pause'],
  [['hello', 'q'], 'pause'],
  [['hello\n', 'q'], 'undecided'],
  [['hello\nq'], 'undecided'],
  [['q', 'u'], 'not-said'],
  [['q', 'u', 'i', 'c', 'k', '\r\n'], 'not-said'],
  [['i', 'q', '\r\n'], 'not-said'],
  [['a\n', 'i', 'q'], 'not-said'],
  [['a\n', 'i', 'q\n'], 'not-said'],
  [['q', 'q'], 'not-said'],
  [['q\n\n'], 'not-said'],
  [['q\nmore'], 'not-said'],
  [['\n'], 'not-said'],
  [['x'.repeat(100_000), 'q\n'], 'said'],
  [['a\n', 'x'.repeat(100_000), 'q\n'], 'not-said'],
];

test.each(QUIT_IN_PIECES)('of the pieces %j the last one is %s', (pieces, expected) => {
  const listener = createQuitListener('q');
  const verdict = pieces.map((piece) => listener.hear(Buffer.from(piece))).at(-1);
  expect(verdict === 'undecided' && listener.countsAfterPause ? 'pause' : verdict).toBe(expected);
});

test('a quit word of many bytes is found byte by byte, as a line of its own', () => {
  const listener = createQuitListener('再见');
  const verdicts = (text: string) => Array.from(Buffer.from(text), (byte) => listener.hear(Uint8Array.of(byte)));
  expect(new Set(verdicts('不说再见\n'))).toEqual(new Set(['not-said']));
  expect(verdicts('再见\n').at(-1)).toBe('said');
});

test('an empty word is never said in pieces either', () => {
  const listener = createQuitListener('');
  expect(['', '\n', 'q'].map((piece) => listener.hear(Buffer.from(piece)))).toEqual(['not-said', 'not-said', 'not-said']);
});
