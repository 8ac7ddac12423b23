import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { delimited, line } from '../../../src/index.ts';
import { checkCodec, decodeAll, drip, everySplit } from '../../../src/testing.ts';
import { bytes, drain, frameErrorOf, text } from '../../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf } from '../../support/cuts.ts';

const any = line({ ending: 'any' });

test('lines end with CR, LF or CR LF, wherever the stream is cut', () => {
  const stream = bytes('a\rb\nc\r\n\r\n\r\rd\n\re\n');
  for (const chunks of everySplit(stream)) expect(decodeAll(any, chunks).map(text)).toEqual(['a', 'b', 'c', '', '', '', 'd', '', 'e']);
  checkCodec(any, [bytes('hi'), bytes(''), bytes('粘包')]);
});

test('a CR ends its line at once: whoever waits for the answer sends no LF', () => {
  const decoder = any.createDecoder();
  decoder.push(bytes('ask\r'));
  expect(drain(decoder).map(text)).toEqual(['ask']);
  decoder.end();
  decoder.push(bytes('\nmore\r'));
  expect(drain(decoder).map(text)).toEqual(['more']);
});

test('a line holds no CR, and the list of the three delimiters says what to take', () => {
  expect(frameErrorOf(() => any.encode(bytes('a\rb'))).message).toBe('a line cannot contain CR, found at byte 1 of 3');
  expect(() => delimited({ delimiters: ['\r\n', '\n', '\r'] })).toThrow("take line({ ending: 'any' })");
});

test('limits and unended lines are those of line', () => {
  const small = line({ ending: 'any', maxPayloadBytes: 4, unended: 'emit' });
  expect(outcomeOf(small, bytes('four\rfives'))).toMatchObject({
    payloads: [expect.anything()],
    error: { code: 'FRAME_ERR_TOO_LARGE', offset: 5 },
  });
  expect(decodeAll(small, drip(bytes('a\r\nb'))).map(text)).toEqual(['a', 'b']);
  expect(outcomeOf(any, bytes('a\rb')).error).toMatchObject({ code: 'FRAME_ERR_TRUNCATED' });
  checkArbitraryBytes(line({ ending: 'any', maxPayloadBytes: 3 }), fc.constantFrom(10, 13, 97));
});
