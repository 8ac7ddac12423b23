import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, FRAMINGS, createFrameWriter } from '../src/index.ts';

test('the default limit is 1 MiB', () => {
  expect(DEFAULT_MAX_PAYLOAD_BYTES).toBe(1024 * 1024);
});

test.each(FRAMINGS)('$name throws a RangeError for a limit that is no whole number of bytes', ({ create }) => {
  for (const maxPayloadBytes of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => create({ maxPayloadBytes })).toThrow(RangeError);
    expect(() => create({ maxPayloadBytes })).toThrow(`maxPayloadBytes is ${maxPayloadBytes}, allowed are whole numbers from 0 to`);
  }
});

test('a frame writer throws a RangeError for a slab that is no whole number of bytes', () => {
  for (const slabBytes of [-1, 0, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => createFrameWriter({ slabBytes })).toThrow(
      new RangeError(`slabBytes is ${slabBytes}, allowed are whole numbers from 1 on`),
    );
  }
});
