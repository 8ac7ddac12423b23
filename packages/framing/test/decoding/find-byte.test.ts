import { expect, test } from 'vitest';
import { findByte } from '../../src/decoding/find-byte.ts';

test.each([1, 31, 32, 33, 64, 1000])('finds the first byte at every place of %d, from every place', (length) => {
  for (let at = 0; at < length; at++) {
    const bytes = new Uint8Array(length).fill(0x61);
    bytes[at] = 0x0a;
    bytes[length - 1] = 0x0a;
    expect(findByte(bytes, 0x0a, 0)).toBe(at);
    expect(findByte(bytes, 0x0a, at)).toBe(at);
    expect(findByte(bytes, 0x0a, at + 1)).toBe(at === length - 1 ? -1 : length - 1);
  }
});

test('is -1 where there is none, in a view of a larger memory too', () => {
  const memory = new Uint8Array(200).fill(0x0a);
  const view = memory.subarray(50, 150).fill(0);
  expect(findByte(view, 0x0a, 0)).toBe(-1);
  expect(findByte(view, 0x0a, 100)).toBe(-1);
  expect(findByte(new Uint8Array(0), 0x0a, 0)).toBe(-1);
});

test('takes shared memory', () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(100));
  bytes[99] = 0x0a;
  expect(findByte(bytes, 0x0a, 0)).toBe(99);
});
