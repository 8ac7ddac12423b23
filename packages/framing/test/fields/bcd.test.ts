import { expect, test } from 'vitest';
import { bcd, frame } from '../../src/index.ts';
import { checkCodec } from '../../src/testing.ts';
import { fromHex, frameErrorOf, pattern, toHex } from '../support/bytes.ts';
import { readBack, written } from './length-fields.ts';

test.each([
  [1, 0, '00'],
  [1, 99, '99'],
  [2, 125, '01 25'],
  [3, 123_456, '12 34 56'],
  [7, 99_999_999_999_999, '99 99 99 99 99 99 99'],
] as const)('in %d bytes %d is %s', (byteLength, value, hex) => {
  const field = bcd(byteLength);
  expect(written(field, value)).toBe(hex);
  expect(readBack(field, hex)).toBe(value);
});

test('frames are read back however they are cut, and a half byte above 9 is refused', () => {
  const codec = frame({ header: { length: bcd(2) } });
  checkCodec(codec, [pattern(0), pattern(10), pattern(125)]);
  expect(toHex(codec.encode(pattern(125)).subarray(0, 2))).toBe('01 25');
  for (const hex of ['0a', 'a0', '01 1f']) {
    const decoder = codec.createDecoder();
    decoder.push(fromHex(hex));
    expect(frameErrorOf(() => decoder.next()).message).toContain('where two decimal digits are expected');
  }
});

test('a width that cannot be throws a RangeError', () => {
  for (const byteLength of [0, 8, 1.5]) expect(() => bcd(byteLength)).toThrow(/^byteLength of a bcd is .*; allowed:/);
});
