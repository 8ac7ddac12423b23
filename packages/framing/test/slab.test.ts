import { expect, test } from 'vitest';
import { DEFAULT_SLAB_BYTES } from '../src/limits.ts';
import { carve, carveClose } from '../src/slab.ts';

test('every byte is given out once: what one writes nobody else sees', () => {
  const pieces = Array.from({ length: 1000 }, (_, index) => carve(1 + (index % 400)).fill(index % 251));
  for (const [index, piece] of pieces.entries()) {
    expect(piece).toHaveLength(1 + (index % 400));
    expect(piece.every((byte) => byte === index % 251)).toBe(true);
  }
});

test('small pieces lie in one slab, a whole slab is the most there is', () => {
  const whole = carve(DEFAULT_SLAB_BYTES);
  expect(whole.byteOffset).toBe(0);
  const first = carve(10);
  const second = carve(10);
  expect(first.buffer).not.toBe(whole.buffer);
  expect(second.buffer).toBe(first.buffer);
  expect(second.byteOffset).toBe(10);
});

test.each([65, 100, 128, 129, 1000, 1024, 1025, 4096])('a frame of %d bytes keeps at most eight times as much alive', (byteLength) => {
  for (let index = 0; index < 20; index++) {
    const piece = carveClose(byteLength);
    expect(piece).toHaveLength(byteLength);
    expect(piece.buffer.byteLength).toBeLessThanOrEqual(8 * byteLength);
    expect(piece.buffer.byteLength).toBeGreaterThan(byteLength);
  }
});

test.each([65, 100, 128, 1000, 4096])('frames of %d bytes each lie eight to a slab', (byteLength) => {
  // Others may have left part of a slab behind.
  for (let index = 0; index < 8; index++) carveClose(byteLength);
  const memories = Array.from({ length: 80 }, () => carveClose(byteLength).buffer);
  expect(new Set(memories).size).toBeLessThanOrEqual(11);
});

test('frames of one class but of any length keep at most eight times as much alive, and few slabs are left half empty', () => {
  const memories = new Set<ArrayBuffer>();
  for (let index = 0; index < 700; index++) {
    const byteLength = 513 + ((index * 379) % 512);
    const piece = carveClose(byteLength);
    memories.add(piece.buffer);
    if (piece.buffer.byteLength > 8 * byteLength) expect.fail(`${byteLength} bytes keep ${piece.buffer.byteLength} alive`);
  }
  expect(memories.size).toBeLessThanOrEqual(200);
});

test.each([0, 1, 64, 4097, 100_000])('a frame of %d bytes lies alone', (byteLength) => {
  expect(carveClose(byteLength).buffer.byteLength).toBe(byteLength);
});

test('frames of a size that lie side by side do not overlap', () => {
  const pieces = Array.from({ length: 300 }, (_, index) => carveClose(100 + (index % 20)).fill(index % 251));
  for (const [index, piece] of pieces.entries()) expect(piece.every((byte) => byte === index % 251)).toBe(true);
});
