import { expect, test } from 'vitest';
import { printed } from '../../src/fields/printed-byte.ts';

test('a byte is shown in hex, and as the character it prints as', () => {
  expect([0x00, 0x20, 0x22, 0x61, 0x7f, 0xff].map(printed)).toEqual(['0x00', '0x20', '"\\"" (0x22)', '"a" (0x61)', '0x7f', '0xff']);
});
