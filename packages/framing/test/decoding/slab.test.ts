import { expect, test } from 'vitest';
import { Slabs } from '../../src/decoding/slab.ts';

const MOST_BYTES = 65_536;

function memoriesOf(slabs: Slabs): Set<ArrayBuffer> {
  return new Set(Array.from({ length: 200 }, (_, index) => slabs.carve(65 + index * 19).buffer));
}

test('every byte is given out once: what one writes nobody else sees', () => {
  const slabs = new Slabs();
  const pieces = Array.from({ length: 3000 }, (_, index) => slabs.carve(1 + ((index * 37) % 5000)).fill(index % 251));
  for (const [index, piece] of pieces.entries()) {
    expect(piece).toHaveLength(1 + ((index * 37) % 5000));
    expect(piece.every((byte) => byte === index % 251)).toBe(true);
  }
});

test('slabs of two decoders share no memory', () => {
  const [first, second] = [new Slabs(), new Slabs()];
  const seen = memoriesOf(first);
  for (const memory of memoriesOf(second)) expect(seen.has(memory)).toBe(false);
});

test.each([65, 100, 1000, 4096, 13_108, 16_384])('a payload of %d bytes keeps at most 64 KiB alive', (byteLength) => {
  const slabs = new Slabs();
  const seen = Array.from({ length: 2000 }, () => slabs.carve(byteLength).buffer.byteLength);
  expect(Math.max(...seen)).toBe(MOST_BYTES);
});

test.each([65, 100, 128, 1000, 4096])('payloads of %d bytes lie eight to a slab at least, once a few came', (byteLength) => {
  const slabs = new Slabs();
  for (let index = 0; index < 100; index++) slabs.carve(byteLength);
  const memories = Array.from({ length: 80 }, () => slabs.carve(byteLength).buffer);
  expect(new Set(memories).size).toBeLessThanOrEqual(11);
});

test.each([4097, 6000, 13_108, 16_384])(
  'payloads of %d bytes share slabs too, of which they leave at most a fifth unused',
  (byteLength) => {
    const slabs = new Slabs();
    for (let index = 0; index < 100; index++) slabs.carve(byteLength);
    const memories = new Set(Array.from({ length: 60 }, () => slabs.carve(byteLength).buffer));
    const allocated = [...memories].reduce((sum, memory) => sum + memory.byteLength, 0);
    // The first and the last slab may have others besides.
    expect(allocated - 2 * MOST_BYTES).toBeLessThanOrEqual((60 * byteLength) / 0.79);
    expect(memories.size).toBeLessThan(60 / 3 + 2);
  },
);

test('memory follows what is carved: never more than three times as much in slabs of one length', () => {
  const slabs = new Slabs();
  const memories = new Set<ArrayBuffer>();
  let allocated = 0;
  for (let carved = 100; carved <= 100_000; carved += 100) {
    const { buffer } = slabs.carve(100);
    if (!memories.has(buffer)) allocated += buffer.byteLength;
    memories.add(buffer);
    if (allocated > 3 * carved) expect.fail(`${allocated} bytes allocated for ${carved}`);
  }
});

test('payloads of all lengths lie side by side, and few slabs are left half empty', () => {
  const slabs = new Slabs();
  const memories = new Set<ArrayBuffer>();
  let carved = 0;
  for (let index = 0; index < 1000; index++) {
    const byteLength = 65 + ((index * 379) % 4000);
    carved += byteLength;
    memories.add(slabs.carve(byteLength).buffer);
  }
  const allocated = [...memories].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(allocated).toBeLessThan(carved * 1.2);
});

test.each([0, 1, 64, 16_385, 100_000])('a payload of %d bytes lies alone', (byteLength) => {
  const slabs = new Slabs();
  slabs.carve(100);
  expect(slabs.carve(byteLength).buffer.byteLength).toBe(byteLength);
});

test('a slab whose memory was transferred is left behind', () => {
  const slabs = new Slabs();
  for (let index = 0; index < 20; index++) {
    const piece = slabs.carve(100).fill(index);
    const moved = structuredClone(piece, { transfer: [piece.buffer] });
    expect([piece.length, moved.length, moved[0]]).toEqual([0, 100, index]);
  }
});
