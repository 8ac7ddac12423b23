import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { resp } from '../../../src/index.ts';
import { checkCodec, drip } from '../../../src/testing.ts';
import { bytes, frameErrorOf } from '../../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf, workOf } from '../../support/cuts.ts';

test('each value of the specification is one frame, with all that is in it', () => {
  const values = [
    '+OK',
    '-ERR x',
    ':-1000',
    '$5\r\nhello',
    '$0\r\n',
    '$-1',
    '*-1',
    '*0',
    '*2\r\n$5\r\nhello\r\n*1\r\n:1',
    '_',
    '#t',
    ',1.23',
    '(349',
    '!5\r\nERR x',
    '=7\r\ntxt:abc',
    '%1\r\n+a\r\n:1',
    '~2\r\n+a\r\n+b',
    '>2\r\n+pub\r\n$1\r\n\n',
    '|1\r\n+ttl\r\n:3\r\n*1\r\n:7',
  ];
  checkCodec(
    resp(),
    values.map((value) => bytes(`${value}\r\n`)),
  );
});

test('what begins as no value is an inline command, unless it is inside of a value', () => {
  checkCodec(resp(), [bytes('PING\r\n'), bytes('GET a\n')]);
  expect(outcomeOf(resp(), bytes('*1\r\nPING\r\n')).error).toMatchObject({ code: 'FRAME_ERR_MALFORMED_LENGTH' });
});

test.each(['$05\r\n', '$+5\r\n', '$?\r\n', '*x\r\n', '$5\n', ':1\n', '$99999999999999999999\r\n', '$-2\r\n'])('%j is refused', (value) => {
  expect(outcomeOf(resp(), bytes(value)).error).toMatchObject({ code: 'FRAME_ERR_MALFORMED_LENGTH', offset: 0 });
});

test('a bulk string without its line end is FRAME_ERR_BAD_TRAILER', () => {
  expect(outcomeOf(resp(), bytes('$2\r\nhi!!')).error).toMatchObject({ code: 'FRAME_ERR_BAD_TRAILER' });
});

test('a value over the limit is refused as soon as its lengths say so', () => {
  const codec = resp({ maxPayloadBytes: 20 });
  checkCodec(codec, [bytes(`$13\r\n${'x'.repeat(13)}\r\n`)]);
  expect(outcomeOf(codec, bytes('$14\r\n')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 21, limit: 20 });
  expect(outcomeOf(codec, bytes('*1000000\r\n')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', limit: 20 });
});

test('two values are not written as one', () => {
  for (const value of ['+a\r\n+b\r\n', '*2\r\n+a\r\n', ''])
    expect(frameErrorOf(() => resp().encode(bytes(value))).code).toBe('FRAME_ERR_PAYLOAD');
});

test('time is linear on one-byte chunks, and whatever bytes come, the cut decides nothing', () => {
  const stream = bytes(`*4000\r\n${'$2\r\nhi\r\n'.repeat(4000)}`);
  expect(workOf(resp(), drip(stream))).toBeLessThanOrEqual(3 * stream.length);
  checkArbitraryBytes(resp({ maxPayloadBytes: 24 }), fc.constantFrom(...bytes('*$%:+\r\n\r\n012-')));
});
