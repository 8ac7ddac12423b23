import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameWriter, fixed } from '../../src/index.ts';
import { checkCodec, drip } from '../../src/testing.ts';
import { bytes, drain, frameErrorOf, pattern, text } from '../support/bytes.ts';
import { checkArbitraryBytes, checkIdentity, outcomeOf, workOf } from '../support/cuts.ts';

test('cuts a stream into frames of one length', () => {
  const decoder = fixed(3).createDecoder();
  decoder.push(bytes('onetwosi'));
  expect(drain(decoder).map(text)).toEqual(['one', 'two']);
  expect([decoder.neededBytes, decoder.bufferedBytes]).toEqual([1, 2]);
  decoder.push(bytes('x'));
  expect(drain(decoder).map(text)).toEqual(['six']);
  expect([decoder.neededBytes, decoder.bufferedBytes]).toEqual([3, 0]);
});

test.each([1, 2, 16, 60])('frames of %i bytes come back, however they are cut', (byteLength) => {
  checkCodec(fixed(byteLength), [pattern(byteLength), new Uint8Array(byteLength), pattern(byteLength)]);
});

test('the length is the limit: one byte more is FRAME_ERR_TOO_LARGE, one less FRAME_ERR_PAYLOAD, and nothing is written', () => {
  const codec = fixed(4);
  expect(codec.maxPayloadBytes).toBe(4);
  const writer = createFrameWriter();
  for (const encode of [codec.encode.bind(codec), codec.encodeInto.bind(codec, writer)]) {
    expect(frameErrorOf(() => encode(bytes('fives')))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
    expect(frameErrorOf(() => encode(bytes('six')))).toMatchObject({ code: 'FRAME_ERR_PAYLOAD' });
    expect(frameErrorOf(() => encode(bytes('')))).toMatchObject({ code: 'FRAME_ERR_PAYLOAD' });
  }
  expect(writer.length).toBe(0);
});

test('throws FRAME_ERR_TRUNCATED when the stream ends inside a frame', () => {
  const { payloads, error } = outcomeOf(fixed(4), bytes('fourfou'));
  expect([payloads.length, error]).toEqual([1, expect.objectContaining({ code: 'FRAME_ERR_TRUNCATED', offset: 4, frameIndex: 1 })]);
  expect(error?.message).toContain('3 bytes of it arrived, at least 1 more needed');
});

test('throws a RangeError for a length that is none', () => {
  for (const byteLength of [0, -1, 1.5, Number.NaN, 2 ** 53]) expect(() => fixed(byteLength)).toThrow(RangeError);
});

test('takes linear time on one-byte chunks, and holds only what came', () => {
  expect(workOf(fixed(8000), drip(pattern(16_000)))).toBeLessThanOrEqual(3 * 16_000);
  const decoder = fixed(2 ** 40).createDecoder();
  decoder.push(bytes('x'));
  expect([decoder.next(), decoder.neededBytes]).toEqual([undefined, 2 ** 40 - 1]);
});

test('arbitrary bytes give truncation at most, and frames of that length come back', () => {
  checkArbitraryBytes(fixed(7), fc.nat(255));
  checkIdentity(
    fixed(7),
    fc.uint8Array({ minLength: 7, maxLength: 7 }).map((payload) => new Uint8Array(payload)),
  );
});
