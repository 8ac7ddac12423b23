import { expect, test } from 'vitest';
import { constant } from '../../src/index.ts';
import { pattern } from '../support/bytes.ts';

test('a constant is 1 to 64 bytes', () => {
  expect(() => constant()).toThrow(new RangeError('a constant of 0 bytes; allowed: 1 to 64'));
  expect(() => constant(...pattern(65))).toThrow(RangeError);
  expect(() => constant(256)).toThrow(new RangeError('256 in a constant is not a byte; allowed: 0 to 255'));
});

test('a constant is its bytes', () => {
  expect(constant(0xca, 0xfe)).toEqual({ bytes: Uint8Array.of(0xca, 0xfe) });
});
