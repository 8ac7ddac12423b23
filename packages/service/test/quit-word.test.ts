import { quitMatcher, withoutLineEnding } from '@socklab/service';
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
