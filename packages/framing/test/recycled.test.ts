import { expect, test } from 'vitest';
import { lengthPrefixed, u32be } from '../src/index.ts';
import { recycle, takeRecycled } from '../src/recycled.ts';
import { pattern } from './bytes.ts';

const codec = lengthPrefixed({ length: u32be });

/** Decodes one frame that two chunks bring, in place, and returns the memory that it was collected in. */
function collectInPlace(payloadBytes: number): ArrayBufferLike {
  const decoder = codec.createDecoder();
  const frame = codec.encode(pattern(payloadBytes));
  decoder.push(frame.subarray(0, frame.length - 1));
  expect(decoder.advance()).toBe(false);
  decoder.push(frame.subarray(-1));
  expect(decoder.advance()).toBe(true);
  const { payloadMemory, payloadStart, payloadEnd } = decoder;
  expect(payloadMemory.subarray(payloadStart, payloadEnd)).toEqual(pattern(payloadBytes));
  expect(decoder.advance()).toBe(false);
  return payloadMemory.buffer;
}

test('memory of exactly the length asked for comes back once; of another length, or over 256 KiB, none', () => {
  const kept = new Uint8Array(5001);
  recycle(kept);
  expect(takeRecycled(5000)).toBeUndefined();
  expect(takeRecycled(5001)).toBe(kept);
  expect(takeRecycled(5001)).toBeUndefined();
  recycle(new Uint8Array(262_145));
  expect(takeRecycled(262_145)).toBeUndefined();
});

test('at most eight memories are kept, whichever are taken first', () => {
  const sizes = Array.from({ length: 9 }, (_, index) => 6000 + index);
  for (const size of sizes) recycle(new Uint8Array(size));
  const found = sizes.toReversed().filter((size) => takeRecycled(size)?.length === size);
  expect(found).toEqual(sizes.slice(0, 8).toReversed());
});

test('frames that are read in place are collected in the same memory again, whatever decoder reads them', () => {
  expect(collectInPlace(65_521)).toBe(collectInPlace(65_521));
});

test('memory that was handed out is never written again', () => {
  const decoder = codec.createDecoder({ payload: 'view' });
  const frame = codec.encode(pattern(65_500));
  decoder.push(frame.subarray(0, 40_000));
  expect(decoder.next()).toBeUndefined();
  decoder.push(frame.subarray(40_000));
  const payload = decoder.next()!;
  for (let round = 0; round < 10; round++) expect(collectInPlace(65_500)).not.toBe(payload.buffer);
  expect(payload).toEqual(pattern(65_500));
});
