import { expect, test } from 'vitest';
import { LineDecoder } from '../../../src/codecs/delimited/line-decoder.ts';
import { bytes, drain, text } from '../../support/bytes.ts';

test('a decoder that goes on behind a long line is one that says so itself', () => {
  const decoder = new LineDecoder({ maxPayloadBytes: 3, ending: 'lf', unended: 'error' });
  decoder.push(bytes('one\nlong\n'));
  expect(() => drain(decoder)).toThrow('line of at least 4 bytes, limit 3');
  const other = new LineDecoder({ maxPayloadBytes: 3, ending: 'crlf', unended: 'emit' });
  other.push(bytes('one\r\ntw'));
  expect(drain(other).map(text)).toEqual(['one']);
});
