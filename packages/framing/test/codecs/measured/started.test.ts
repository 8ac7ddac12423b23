import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc16, delimited, sum, u16le, xor } from '../../../src/index.ts';
import { checkCodec, drip, sticky } from '../../../src/testing.ts';
import { bytes, drain, frameErrorOf, fromHex, pattern, toHex } from '../../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf, workOf } from '../../support/cuts.ts';

const MLLP = delimited({ start: '\x0b', delimiters: '\x1c\r' });
const LRC = delimited({ start: '\x02', delimiters: '\x03', checksum: { checksum: xor(), covers: 'payloadAndEnd' } });

test('a frame begins with its start and ends with its delimiter, which belong to no payload', () => {
  expect(toHex(MLLP.encode(bytes('hi')))).toBe('0b 68 69 1c 0d');
  checkCodec(MLLP, [
    bytes('MSH|^~\\&|'),
    bytes(''),
    fromHex('0b 1c'),
    fromHex('0d 1c 1c'),
    Uint8Array.from({ length: 60 }, (_, at) => 0x20 + at),
  ]);
});

test.each([
  ['payload', '02 68 69 03 01'],
  ['payloadAndEnd', '02 68 69 03 02'],
  ['frame', '02 68 69 03 00'],
] as const)('a checksum behind the end covers the %s', (covers, wire) => {
  const codec = delimited({ start: '\x02', delimiters: '\x03', checksum: { checksum: xor(), covers } });
  expect(toHex(codec.encode(bytes('hi')))).toBe(wire);
  checkCodec(codec, [bytes('hi'), bytes(''), Uint8Array.from({ length: 40 }, (_, at) => 0x20 + at)]);
});

test('checksums of several bytes may look like the end', () => {
  const codec = delimited({
    start: 'ab',
    delimiters: '\x03',
    checksum: { checksum: crc16('modbus', { field: u16le }), covers: 'payload' },
  });
  checkCodec(codec, [bytes('hi'), bytes('ab'), bytes('')]);
  const three = delimited({ start: '\x02', delimiters: '\x03', checksum: { checksum: sum(), covers: 'payload' } });
  checkCodec(three, [Uint8Array.of(1, 2), bytes('')]);
});

test('idle bytes between frames are passed over, and never written', () => {
  const codec = delimited({ start: '\x02', delimiters: '\x03', idle: Uint8Array.of(6, 0x15) });
  const decoder = codec.createDecoder();
  for (const chunk of drip(fromHex('06 15 02 61 03 06 02 06 03 15'))) decoder.push(chunk);
  expect(drain(decoder).map(toHex)).toEqual(['61', '06']);
  decoder.end();
  expect(decoder.skippedBytes).toBe(4);
});

test('another beginning, a wrong checksum, an end that does not come are told where they are', () => {
  expect(outcomeOf(MLLP, fromHex('0b 61 1c 0d 68')).error).toMatchObject({ code: 'FRAME_ERR_BAD_MAGIC', offset: 4, frameIndex: 1 });
  expect(outcomeOf(LRC, fromHex('02 68 69 03 03')).error).toMatchObject({ code: 'FRAME_ERR_BAD_CHECKSUM', offset: 0 });
  expect(outcomeOf(LRC, fromHex('02 68 69 03 03')).error?.message).toContain('xor is 0x03, but the received bytes give 0x02');
  expect(outcomeOf(MLLP, fromHex('0b 61 1c')).error).toMatchObject({ code: 'FRAME_ERR_TRUNCATED' });
});

test('throws FRAME_ERR_TOO_LARGE one byte over the limit, and not at it', () => {
  const codec = delimited({ start: '\x0b', delimiters: '\x1c\r', maxPayloadBytes: 4 });
  checkCodec(codec, [bytes('four')]);
  expect(outcomeOf(codec, bytes('\x0bfives\x1c\r')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
  expect(frameErrorOf(() => codec.encode(bytes('fives')))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
});

test('a payload that would end early is refused', () => {
  for (const payload of ['a\x1c\rb', '\x1c\r']) expect(frameErrorOf(() => MLLP.encode(bytes(payload))).code).toBe('FRAME_ERR_PAYLOAD');
});

test('options that do not go together are a RangeError', () => {
  expect(() => delimited({ start: '\x02', delimiters: ['a', 'b'] })).toThrow('2 delimiters with a start; allowed: 1');
  expect(() => delimited({ start: '', delimiters: 'a' })).toThrow('the start is empty');
  expect(() => delimited({ start: '\x02', delimiters: 'a', strip: false })).toThrow('with a start a delimiter is stripped');
  expect(() => delimited({ start: '\x02', delimiters: 'a', idle: Uint8Array.of(2) })).toThrow(
    'idle bytes can be distinguished from the start only',
  );
  expect(() => delimited({ delimiters: 'a', idle: Uint8Array.of(2) })).toThrow('a checksum and idle bytes need a start');
});

test('time is linear on one-byte chunks, and whatever bytes come, the cut decides nothing', () => {
  const stream = sticky([MLLP.encode(pattern(20_000).map((byte) => byte | 0x80))]);
  expect(workOf(MLLP, drip(stream))).toBeLessThanOrEqual(3 * stream.length);
  const small = { start: '\x02', delimiters: '\x03\x04', maxPayloadBytes: 5, idle: Uint8Array.of(9) };
  checkArbitraryBytes(delimited({ ...small, checksum: { checksum: xor(), covers: 'payload' } }), fc.constantFrom(2, 2, 3, 4, 9, 7));
});
