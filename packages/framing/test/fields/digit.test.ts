import { expect, test } from 'vitest';
import { isDigit, ZERO } from '../../src/fields/digit.ts';

test('ten bytes are digits', () => {
  const digits = Array.from({ length: 256 }, (_, byte) => byte).filter(isDigit);
  expect(String.fromCharCode(...digits)).toBe('0123456789');
  expect(String.fromCharCode(ZERO)).toBe('0');
});
