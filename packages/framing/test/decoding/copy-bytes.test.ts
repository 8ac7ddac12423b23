import { expect, test } from 'vitest';
import { copyBytes, joined } from '../../src/decoding/copy-bytes.ts';
import { bytes, pattern, text, toHex } from '../support/bytes.ts';

test.each([0, 1, 31, 32, 33, 64, 1000])('copies %d bytes to their place, and touches nothing beside it', (byteLength) => {
  for (const source of [pattern(byteLength + 20), Buffer.from(pattern(byteLength + 20))]) {
    const target = new Uint8Array(byteLength + 10).fill(0xee);
    copyBytes(source, 7, 7 + byteLength, target, 5);
    expect(toHex(target.subarray(5, 5 + byteLength))).toBe(toHex(source.subarray(7, 7 + byteLength)));
    expect([toHex(target.subarray(0, 5)), toHex(target.subarray(5 + byteLength))]).toEqual(['ee ee ee ee ee', 'ee ee ee ee ee']);
  }
});

test('joins parts in their order, in memory of its own', () => {
  const part = bytes('b');
  const whole = joined(bytes('a'), part, bytes(''), bytes('cd'));
  part[0] = 0;
  expect(text(whole)).toBe('abcd');
  expect(joined()).toHaveLength(0);
});
