import { expect, test } from 'vitest';
import { createFrameWriter, raw } from '../../src/index.ts';
import { decodeAll, drip, everySplit, randomSplits, sticky } from '../../src/testing.ts';
import { bytes, drain, frameErrorOf, pattern, text, toHex } from '../support/bytes.ts';

test('adds nothing to the bytes', () => {
  const writer = createFrameWriter();
  for (const payload of [bytes(''), bytes('haha'), bytes('\n'), pattern(300)]) {
    expect(toHex(raw().encode(payload))).toBe(toHex(payload));
    raw().encodeInto(writer, payload);
    expect(toHex(writer.take())).toBe(toHex(payload));
  }
});

test('encodes into a buffer of its own', () => {
  const payload = bytes('haha');
  const frame = raw().encode(payload);
  payload.fill(0);
  expect(text(frame)).toBe('haha');
});

test('hands out the same bytes, chunk by chunk, under any split', () => {
  const stream = pattern(200);
  const splits = [[stream], drip(stream), ...everySplit(stream), ...randomSplits(stream, { seed: 7, count: 50 })];
  for (const chunks of splits) {
    const payloads = decodeAll(raw(), chunks);
    expect(payloads.map((payload) => payload.length)).toEqual(chunks.map((chunk) => chunk.length).filter((byteLength) => byteLength > 0));
    expect(toHex(sticky(payloads))).toBe(toHex(stream));
  }
});

test('cuts a chunk that is over the limit into payloads of it, and never refuses one', () => {
  const payloads = decodeAll(raw({ maxPayloadBytes: 4 }), [bytes('hello'), bytes('alex'), bytes('123456789')]);
  expect(payloads.map(text)).toEqual(['hell', 'o', 'alex', '1234', '5678', '9']);
});

test('throws FRAME_ERR_TOO_LARGE when a payload to encode is over the limit', () => {
  const codec = raw({ maxPayloadBytes: 4 });
  expect(text(codec.encode(bytes('four')))).toBe('four');
  expect(frameErrorOf(() => codec.encode(bytes('fives')))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
  expect(frameErrorOf(() => codec.encodeInto(createFrameWriter(), bytes('fives'))).code).toBe('FRAME_ERR_TOO_LARGE');
});

test('may end anywhere, once what arrived was taken', () => {
  const decoder = raw().createDecoder();
  decoder.end();
  decoder.push(bytes('abc'));
  expect(drain(decoder).map(text)).toEqual(['abc']);
  expect([decoder.neededBytes, decoder.bufferedBytes]).toEqual([1, 0]);
  decoder.end();
});

test('throws a RangeError when the limit is 0', () => {
  expect(() => raw({ maxPayloadBytes: 0 })).toThrow(new RangeError('maxPayloadBytes is 0, raw needs at least 1'));
});
