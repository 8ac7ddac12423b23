import { expect, test } from 'vitest';
import { PAGE_BYTES } from '../../src/limits.ts';
import { Slabs } from '../../src/decoding/slab.ts';

/** Most bytes that a payload of `byteLength` may keep alive. */
const mostBytes = (byteLength: number, pageBytes = PAGE_BYTES): number => Math.max(pageBytes, 8 * byteLength);

function memoriesOf(slabs: Slabs): Set<ArrayBuffer> {
  return new Set(Array.from({ length: 200 }, (_, index) => slabs.carve(65 + index * 19).buffer));
}

test('every byte is given out once: what one writes nobody else sees', () => {
  const slabs = new Slabs(PAGE_BYTES);
  const pieces = Array.from({ length: 3000 }, (_, index) => slabs.carve(1 + ((index * 37) % 5000)).fill(index % 251));
  for (const [index, piece] of pieces.entries()) {
    expect(piece).toHaveLength(1 + ((index * 37) % 5000));
    expect(piece.every((byte) => byte === index % 251)).toBe(true);
  }
});

test('slabs of two decoders share no memory', () => {
  const [first, second] = [new Slabs(PAGE_BYTES), new Slabs(PAGE_BYTES)];
  const seen = memoriesOf(first);
  for (const memory of memoriesOf(second)) expect(seen.has(memory)).toBe(false);
});

test.each([65, 100, 128, 129, 512, 513, 1000, 1024, 1025, 4096])(
  'a payload of %d bytes keeps at most eight times as much alive, or a page',
  (byteLength) => {
    const slabs = new Slabs(PAGE_BYTES);
    for (let index = 0; index < 100; index++) {
      const piece = slabs.carve(byteLength);
      expect(piece).toHaveLength(byteLength);
      expect(piece.buffer.byteLength).toBeLessThanOrEqual(mostBytes(byteLength));
    }
  },
);

test.each([65, 100, 128, 1000, 4096])('payloads of %d bytes lie eight to a slab at least, once a few came', (byteLength) => {
  const slabs = new Slabs(PAGE_BYTES);
  for (let index = 0; index < 100; index++) slabs.carve(byteLength);
  const memories = Array.from({ length: 80 }, () => slabs.carve(byteLength).buffer);
  expect(new Set(memories).size).toBeLessThanOrEqual(11);
});

test('memory follows what is carved: never more than three times as much in slabs of one length', () => {
  const slabs = new Slabs(65_536);
  const memories = new Set<ArrayBuffer>();
  let allocated = 0;
  for (let carved = 100; carved <= 100_000; carved += 100) {
    const { buffer } = slabs.carve(100);
    if (!memories.has(buffer)) allocated += buffer.byteLength;
    memories.add(buffer);
    if (allocated > 3 * carved) expect.fail(`${allocated} bytes allocated for ${carved}`);
  }
});

test('payloads of one class but of any length keep at most eight times as much alive, and few slabs are left half empty', () => {
  const slabs = new Slabs(PAGE_BYTES);
  const memories = new Set<ArrayBuffer>();
  for (let index = 0; index < 700; index++) {
    const byteLength = 513 + ((index * 379) % 512);
    const piece = slabs.carve(byteLength);
    memories.add(piece.buffer);
    if (piece.buffer.byteLength > mostBytes(byteLength)) expect.fail(`${byteLength} bytes keep ${piece.buffer.byteLength} alive`);
  }
  expect(memories.size).toBeLessThanOrEqual(200);
});

test.each([0, 1, 64, 4097, 100_000])('a payload of %d bytes lies alone', (byteLength) => {
  const slabs = new Slabs(PAGE_BYTES);
  slabs.carve(100);
  expect(slabs.carve(byteLength).buffer.byteLength).toBe(byteLength);
});

test('a slab whose memory was transferred is left behind', () => {
  const slabs = new Slabs(PAGE_BYTES);
  for (let index = 0; index < 20; index++) {
    const piece = slabs.carve(100).fill(index);
    const moved = structuredClone(piece, { transfer: [piece.buffer] });
    expect([piece.length, moved.length, moved[0]]).toEqual([0, 100, index]);
  }
});
