import { expect, test } from 'vitest';
import { asciiHex } from '../../src/index.ts';
import { bytes, toHex } from '../support/bytes.ts';
import { readBack, written } from './length-fields.ts';

test.each([
  ['lower', 12, '000c'],
  ['lower', 65_535, 'ffff'],
  ['upper', 65_535, 'FFFF'],
] as const)('%s: %d is %s, and read in both', (letters, value, text) => {
  const field = asciiHex(4, { letters });
  expect(written(field, value)).toBe(toHex(bytes(text)));
  for (const spelled of [text.toLowerCase(), text.toUpperCase()]) expect(readBack(field, toHex(bytes(spelled)))).toBe(value);
});

test('options that cannot be throw a RangeError', () => {
  for (const digits of [0, 14, 1.5]) expect(() => asciiHex(digits)).toThrow(/^digits of an asciiHex is .*; allowed:/);
  expect(() => asciiHex(4, { letters: 'x' as never })).toThrow(/^letters is "x"; allowed: lower, upper$/);
});
