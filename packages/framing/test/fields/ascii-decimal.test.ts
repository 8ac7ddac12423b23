import { expect, test } from 'vitest';
import { asciiDecimal } from '../../src/index.ts';
import { bytes, toHex } from '../support/bytes.ts';
import { readBack, written } from './length-fields.ts';

test.each([
  [{ end: ':' }, 0, '0:'],
  [{ end: ' ' }, 9_999_999_999, '9999999999 '],
  [{ digits: 4 }, 12, '0012'],
  [{ digits: 4, pad: 'blank' }, 12, '  12'],
  [{ digits: 4, pad: 'blank' }, 0, '   0'],
  [{ digits: 1 }, 9, '9'],
] as const)('%o: %d is %s', (options, value, text) => {
  const field = asciiDecimal(options);
  expect(written(field, value)).toBe(toHex(bytes(text)));
  expect(readBack(field, toHex(bytes(text)))).toBe(value);
  expect(text.length).toBeLessThanOrEqual(field.maxBytes);
});

test('zeros in front are refused unless they are accepted, and never written', () => {
  const field = asciiDecimal({ end: '=', leadingZeros: 'accept' });
  expect(readBack(field, toHex(bytes('0079=')))).toBe(79);
  expect(written(field, 79)).toBe(toHex(bytes('79=')));
  const strict = asciiDecimal({ end: '=' });
  expect(strict.measure(bytes('0079='), 0, 2)).toBe(-1);
  expect(strict.faultOf(bytes('0079='), 0, 2).message).toBe('a length has a leading zero');
});

test('options that cannot be throw a RangeError', () => {
  for (const end of ['', '::', '5', 'é'])
    expect(() => asciiDecimal({ end })).toThrow(/^end of an asciiDecimal is ".*"; allowed: one ASCII character/);
  for (const maxDigits of [0, 16, 1.5])
    expect(() => asciiDecimal({ end: ':', maxDigits })).toThrow(/^maxDigits of an asciiDecimal is .*; allowed:/);
  for (const digits of [0, 16, 1.5]) expect(() => asciiDecimal({ digits })).toThrow(/^digits of an asciiDecimal is .*; allowed:/);
  expect(() => asciiDecimal({ digits: 4, pad: 'x' as never })).toThrow(/^pad is "x"; allowed: zero, blank$/);
});
