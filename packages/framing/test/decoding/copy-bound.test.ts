import { expect, test } from 'vitest';
import { copyBound } from '../../src/decoding/copy-bound.ts';

const KIB = 1024;
const VIEWS = 0;
/** A chunk of so many bytes in memory of so many. */
const chunk = (length: number, memoryBytes: number = length, offset: number = 0): Uint8Array =>
  new Uint8Array(new ArrayBuffer(memoryBytes), offset, length);

test.each([
  ['its memory to itself', chunk(1460), VIEWS],
  ['a whole read', chunk(64 * KIB), VIEWS],
  ['half of a read, which is not shrunk', chunk(32 * KIB, 64 * KIB), VIEWS],
  ['more memory than a read: an eighth of it', chunk(1024 * KIB), 128 * KIB],
  ['less than half of a read', chunk(32 * KIB - 1, 64 * KIB), 32 * KIB],
  ['the end of a read', chunk(32 * KIB, 64 * KIB, 32 * KIB), 32 * KIB + 1],
  ['a part of a slab', chunk(100, 8 * KIB, 16), 101],
  ['at most 16 bytes', chunk(16), 17],
  ['shared memory', new Uint8Array(new SharedArrayBuffer(100)), 101],
])('auto, a chunk with %s', (_, bytes, bound) => {
  expect(copyBound('auto', bytes, false)).toBe(bound);
});

test('copy copies all, view nothing that is not tiny or shared, whoever has the memory', () => {
  for (const bytes of [chunk(1460), chunk(1460, 8 * KIB)]) {
    expect([copyBound('copy', bytes, false), copyBound('view', bytes, false)]).toEqual([1461, VIEWS]);
  }
  expect([copyBound('view', chunk(16), false), copyBound('view', new Uint8Array(new SharedArrayBuffer(100)), false)]).toEqual([17, 101]);
});

test('memory of the decoder counts as its own, however much of it the chunk takes', () => {
  expect([copyBound('auto', chunk(100, 8 * KIB), true), copyBound('auto', chunk(100, 1024 * KIB), true)]).toEqual([VIEWS, 128 * KIB]);
});
