import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, FRAMINGS, createFrameWriter } from '../src/index.ts';

test('the default limit is 1 MiB', () => {
  expect(DEFAULT_MAX_PAYLOAD_BYTES).toBe(1024 * 1024);
});

test.each(FRAMINGS)('$name throws a RangeError for a limit that is not a whole number of bytes', ({ create }) => {
  for (const maxPayloadBytes of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => create({ maxPayloadBytes })).toThrow(RangeError);
    expect(() => create({ maxPayloadBytes })).toThrow(`maxPayloadBytes is ${maxPayloadBytes}; allowed: whole numbers from 0 to`);
  }
});

test('a frame writer throws a RangeError for a slab that is not a whole number of bytes', () => {
  for (const slabBytes of [-1, 0, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => createFrameWriter({ slabBytes })).toThrow(new RangeError(`slabBytes is ${slabBytes}; allowed: whole numbers from 1`));
  }
});

test.each(FRAMINGS)('$name: 1,000 decoders that wait behind the beginning of a long frame hold less than 8 MiB together', (entry) => {
  const codec = entry.create();
  const payload = entry.exampleFrames?.at(-1) ?? new Uint8Array(Math.min(codec.maxPayloadBytes, 1_000_000)).fill(0x78);
  const start = codec.encode(payload).slice(0, 24);
  const before = process.memoryUsage().arrayBuffers;
  const decoders = Array.from({ length: 1000 }, () => {
    const decoder = codec.createDecoder();
    for (const chunk of [start.slice(0, 20), start.slice(20)]) {
      decoder.push(chunk);
      while (decoder.next() !== undefined);
    }
    return decoder;
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  expect(decoders.every(({ bufferedBytes }) => bufferedBytes <= start.length)).toBe(true);
});
