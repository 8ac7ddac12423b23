import { describeDifference, firstDifference, hexWindow } from '@socklab/client';
import { expect, test } from 'vitest';

const bytes = (text: string): Uint8Array => Buffer.from(text);

test.each([
  ['hello', 'help!', 'byte 3 of the answer is wrong: expected 6c 6f, received 70 21'],
  ['hello', 'hel', 'byte 3 of the answer is wrong: expected 6c 6f, received its end'],
  ['hello', 'hello!', 'byte 5 of the answer is wrong: expected its end, received 21'],
  ['', 'x', 'byte 0 of the answer is wrong: expected its end, received 78'],
])('%j answered with %j: %s', (expected, seen, words) => {
  expect(describeDifference(bytes(expected), bytes(seen))).toBe(words);
});

test('the first difference is counted from the starts, and is the length when there is none', () => {
  expect(firstDifference(bytes('xxab'), 2, bytes('ac'), 0, 2)).toBe(1);
  expect(firstDifference(bytes('xxab'), 2, bytes('ab'), 0, 2)).toBe(2);
});

test('sixteen bytes are shown at most, and none behind the end', () => {
  expect(hexWindow(new Uint8Array(100)).split(' ')).toHaveLength(16);
  expect(hexWindow(bytes('abc'), 1, 2)).toBe('62');
  expect(hexWindow(bytes('abc'), 3)).toBe('');
});
