import { expect, test } from 'vitest';
import { asciiDecimal, frame } from '../../src/index.ts';
import { checkCodec } from '../../src/testing.ts';
import { bytes, frameErrorOf, pattern, text } from '../support/bytes.ts';

const iso8583 = frame({ header: { length: asciiDecimal({ digits: 4 }) } });
const boost = frame({ header: { length: asciiDecimal({ digits: 4, pad: 'blank' }) } });

test('an ISO 8583 length is decimal, with zeros in front', () => {
  expect(text(iso8583.encode(bytes('hello')))).toBe('0005hello');
  expect(iso8583.encode(pattern(12)).subarray(0, 4)).toEqual(bytes('0012'));
  checkCodec(iso8583, [pattern(0), pattern(12), pattern(9999)]);
});

test('a length as of the chat of Boost.Asio has blanks in front', () => {
  expect(text(boost.encode(bytes('hello')))).toBe('   5hello');
  checkCodec(boost, [pattern(0), pattern(12), pattern(1234)]);
});

test.each([
  ['00x5', iso8583],
  ['  5 ', iso8583],
  ['    ', boost],
  [' 5 5', boost],
  ['-  5', boost],
] as const)('%j is refused at the first byte that is wrong', (length, codec) => {
  const decoder = codec.createDecoder();
  decoder.push(bytes(length));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({
    code: 'FRAME_ERR_MALFORMED_LENGTH',
    message: expect.stringContaining('where a decimal digit is expected'),
  });
});
