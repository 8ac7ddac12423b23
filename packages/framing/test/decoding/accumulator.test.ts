import { expect, test } from 'vitest';
import { Accumulator } from '../../src/decoding/accumulator.ts';
import { Slabs } from '../../src/decoding/slab.ts';
import { lengthPrefixed, line, u32be, u64be } from '../../src/index.ts';
import { bytes, fromHex, pattern, toHex } from '../support/bytes.ts';

/** Bytes allocated by `accumulator` now. */
function capacity(accumulator: Accumulator): number {
  return accumulator.peek().buffer.byteLength;
}

test.each([1, 3, 100, 1460, 65_536])(
  'allocates at most twice what arrived and 4 KiB, in chunks of %i bytes of a frame that declares much',
  (size) => {
    const accumulator = new Accumulator();
    const chunk = pattern(size);
    for (let received = size; received <= 300_000; received += size) {
      accumulator.append(chunk, 0, size, Number.MAX_SAFE_INTEGER);
      if (capacity(accumulator) > 2 * received + 4096) expect.fail(`${capacity(accumulator)} bytes allocated after ${received}`);
    }
    expect(accumulator.length).toBe(Math.floor(300_000 / size) * size);
  },
);

test('never allocates more than a frame declares', () => {
  for (const declared of [1, 100, 4095, 4096, 4097, 10_000]) {
    const accumulator = new Accumulator();
    for (let at = 0; at < declared; at++) {
      accumulator.append(Uint8Array.of(at), 0, 1, declared);
      expect(capacity(accumulator)).toBeLessThanOrEqual(declared);
    }
    expect(accumulator.take().buffer.byteLength).toBe(declared);
  }
});

test('collects 256 KiB in one-byte chunks with eleven allocations, and copies each byte about once', () => {
  const accumulator = new Accumulator();
  const total = 262_144;
  const buffers = new Set<ArrayBuffer>();
  let copied = 0;
  for (let at = 0; at < total; at++) {
    accumulator.append(Uint8Array.of(at), 0, 1, total);
    const { buffer } = accumulator.peek();
    if (!buffers.has(buffer)) copied += at;
    buffers.add(buffer);
  }
  expect(buffers.size).toBeLessThanOrEqual(11);
  expect(copied).toBeLessThanOrEqual(total * 1.01);
  const whole = accumulator.take();
  expect([whole.length, whole[0], whole[255], whole[65_537]]).toEqual([total, 0, 255, 1]);
});

test('a whole chunk is appended as its bytes are one by one', () => {
  for (const size of [1, 2, 31, 32, 33, 500]) {
    const accumulator = new Accumulator();
    const total = 10 * size;
    for (let index = 0; index < 10; index++)
      accumulator.appendAll(pattern(total).subarray(index * size, (index + 1) * size), size, total - (index + 1) * size);
    const whole = accumulator.take();
    expect([whole.buffer.byteLength, toHex(whole)]).toEqual([total, toHex(pattern(total))]);
  }
});

test('a stream that brought a long frame gets the memory of the next one at once, up to 64 KiB, and hands it out uncopied', () => {
  for (const [byteLength, isAtOnce] of [
    [16_385, true],
    [65_536, true],
    [65_537, false],
  ] as const) {
    const accumulator = new Accumulator();
    const slabs = new Slabs();
    for (let at = 0; at < byteLength; at += 1000) accumulator.append(pattern(1000), 0, Math.min(1000, byteLength - at), byteLength);
    accumulator.take(byteLength, slabs);
    accumulator.append(pattern(10), 0, 10, byteLength);
    expect(capacity(accumulator) === byteLength, `${byteLength} bytes`).toBe(isAtOnce);
    for (let at = 10; at < byteLength; at += 1000) accumulator.append(pattern(1000), 0, Math.min(1000, byteLength - at), byteLength);
    const { buffer } = accumulator.peek();
    expect(accumulator.take(byteLength, slabs).buffer).toBe(buffer);
  }
});

test('what a stream brought reserves no more than that for a longer frame', () => {
  const accumulator = new Accumulator();
  accumulator.append(pattern(20_000), 0, 20_000, 20_000);
  accumulator.take(20_000, new Slabs());
  accumulator.append(pattern(10), 0, 10, 60_000);
  expect(capacity(accumulator)).toBeLessThanOrEqual(4096);
});

test('take hands the bytes over and starts anew', () => {
  const accumulator = new Accumulator();
  accumulator.append(bytes('xxabcxx'), 2, 5, 6);
  accumulator.append(bytes('def'), 0, 3, 6);
  const first = accumulator.take();
  accumulator.append(bytes('ghijkl'), 0, 6, 6);
  expect([toHex(first), toHex(accumulator.take()), accumulator.length]).toEqual([toHex(bytes('abcdef')), toHex(bytes('ghijkl')), 0]);
});

test('1,000 decoders that were each fed a maximal header and one byte hold less than 8 MiB together', () => {
  const u32 = lengthPrefixed({ length: u32be, maxPayloadBytes: u32be.max });
  const u64 = lengthPrefixed({ length: u64be, maxPayloadBytes: u64be.max });
  for (const [codec, opening] of [
    [u32, fromHex('ff ff ff ff 61')],
    [u64, fromHex('00 1f ff ff ff ff ff ff 61')],
    [line({ maxPayloadBytes: Number.MAX_SAFE_INTEGER }), bytes('a')],
  ] as const) {
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 1000 }, () => {
      const decoder = codec.createDecoder();
      decoder.push(opening);
      expect(decoder.next()).toBeUndefined();
      return decoder;
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    expect(decoders.every((decoder) => decoder.bufferedBytes === opening.length)).toBe(true);
  }
});
