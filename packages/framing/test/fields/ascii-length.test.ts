import { expect, test } from 'vitest';
import { asciiDecimal, asciiHex } from '../../src/index.ts';
import { bytes, toHex } from '../support/bytes.ts';
import { readBack, written } from './length-fields.ts';

test.each([
  [asciiDecimal({ end: ':' }), 0, toHex(bytes('0:'))],
  [asciiDecimal({ end: ' ' }), 9_999_999_999, toHex(bytes('9999999999 '))],
  [asciiHex(4), 12, toHex(bytes('000c'))],
  [asciiHex(4), 65_535, toHex(bytes('ffff'))],
] as const)('$0.name: $1 is $2', (field, value, hex) => {
  expect(written(field, value)).toBe(hex);
  expect(readBack(field, hex)).toBe(value);
  expect(hex.length).toBeLessThanOrEqual(field.maxBytes * 3);
});

test('asciiHex reads upper case too', () => {
  expect(readBack(asciiHex(4), toHex(bytes('00Ff')))).toBe(255);
});

test('options that cannot be throw a RangeError', () => {
  for (const end of ['', '::', '5', 'é'])
    expect(() => asciiDecimal({ end })).toThrow(/^end of an asciiDecimal is ".*", allowed is one ASCII character/);
  for (const maxDigits of [0, 16, 1.5])
    expect(() => asciiDecimal({ end: ':', maxDigits })).toThrow(/^maxDigits of an asciiDecimal is .*, allowed are/);
  for (const digits of [0, 14, 1.5]) expect(() => asciiHex(digits)).toThrow(/^digits of an asciiHex is .*, allowed are/);
  for (const make of [() => asciiDecimal({ end: '' }), () => asciiHex(0)]) expect(make).toThrow(RangeError);
});
