import { expect, test } from 'vitest';
import { hexWindow } from '../../src/decoding/hex-window.ts';
import { pattern } from '../support/bytes.ts';

test('shows bytes in hex, sixteen at most', () => {
  expect(hexWindow(Uint8Array.of(0, 0x0a, 0xff))).toBe('00 0a ff');
  expect(hexWindow(Buffer.of(0, 0x0a))).toBe('00 0a');
  expect(hexWindow(new Uint8Array(0))).toBe('');
  expect(hexWindow(pattern(16))).toBe(hexWindow(pattern(17)));
  expect(hexWindow(pattern(16)).split(' ')).toHaveLength(16);
});
