import { expect, test } from 'vitest';
import { checkFits, fault, isInteger } from '../../src/fields/length-field.ts';
import { websocketLength } from '../../src/fields/websocket-length.ts';
import { asciiHex, i32be, u8, varint } from '../../src/index.ts';
import { frameErrorOf } from '../support/bytes.ts';
import { readBack, written } from './length-fields.ts';

test.each([
  [websocketLength, 125, '7d'],
  [websocketLength, 126, '7e 00 7e'],
  [websocketLength, 65_535, '7e ff ff'],
  [websocketLength, 65_536, '7f 00 00 00 00 00 01 00 00'],
] as const)('$0.name: $1 is $2', (field, value, hex) => {
  expect(written(field, value)).toBe(hex);
  expect(readBack(field, hex)).toBe(value);
  expect(hex.length).toBeLessThanOrEqual(field.maxBytes * 3);
});

test('an integer has one width, other lengths a range of them', () => {
  expect([u8, i32be, varint(), asciiHex(4), websocketLength].map(isInteger)).toEqual([true, true, false, false, false]);
});

test('a number that a field cannot hold is FRAME_ERR_TOO_LARGE', () => {
  for (const [field, value] of [
    [u8, 255],
    [u8, 0],
    [i32be, -1],
    [varint(), 0],
    [asciiHex(1), 15],
  ] as const) {
    expect(() => checkFits(field, value)).not.toThrow();
  }
  for (const [field, value, message] of [
    [u8, 256, 'u8 cannot hold 256; allowed: whole numbers from 0 to 255'],
    [u8, 0.5, 'u8 cannot hold 0.5; allowed: whole numbers from 0 to 255'],
    [asciiHex(1), -1, 'asciiHex cannot hold -1; allowed: whole numbers from 0 to 15'],
  ] as const) {
    expect(frameErrorOf(() => checkFits(field, value))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', message, declared: value });
  }
});

test('a fault is a code and what was seen', () => {
  expect(fault('FRAME_ERR_BAD_MAGIC', 'received 00')).toEqual({ code: 'FRAME_ERR_BAD_MAGIC', message: 'received 00' });
});
