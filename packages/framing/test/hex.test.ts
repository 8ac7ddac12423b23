import { expect, test } from 'vitest';
import { fromHex, toHex } from '../src/hex.ts';

test('hex is pairs of digits, spaces between them', () => {
  expect(fromHex(' 00 fF\n1 0 ')).toEqual(Uint8Array.of(0, 255, 16));
  expect(toHex(Uint8Array.of(0, 255, 16))).toBe('00ff10');
  expect(['0', '0g', '0x00'].map(fromHex)).toEqual([undefined, undefined, undefined]);
});
