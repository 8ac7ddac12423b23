import { expect, test } from 'vitest';
import { DecimalDecoder, decimalHeader } from '../../../src/codecs/decimal/decimal-decoder.ts';
import { MAX_LENGTH_DIGITS } from '../../../src/limits.ts';
import { bytes, drain, frameErrorOf, text } from '../../support/bytes.ts';

test('writes digits and a separator', () => {
  expect(text(decimalHeader(0, 0x3a))).toBe('0:');
  expect(text(decimalHeader(Number.MAX_SAFE_INTEGER, 0x20))).toBe('9007199254740991 ');
  expect(`${Number.MAX_SAFE_INTEGER}`.length).toBe(MAX_LENGTH_DIGITS);
});

test('reads any layout of digits, separator and trailer', () => {
  const decoder = new DecimalDecoder({ separator: 0x7c, allowsEmpty: true, trailer: 0x3b }, 100);
  decoder.push(bytes('2|hi;0|;5|ab'));
  expect(drain(decoder).map(text)).toEqual(['hi', '']);
  expect([decoder.neededBytes, decoder.bufferedBytes]).toEqual([4, 4]);
});

test('refuses an empty payload where the layout has none', () => {
  const decoder = new DecimalDecoder({ separator: 0x20, allowsEmpty: false, trailer: undefined }, 100);
  decoder.push(bytes('0'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_MALFORMED_LENGTH' });
});
