import { expect, test } from 'vitest';
import { websocketLength } from '../../src/fields/websocket-length.ts';
import { mqttVarint, u8, varint } from '../../src/index.ts';
import { fieldOf, layoutOfField } from '../../src/layout/fields.ts';

const names = [
  'u8',
  'u16be',
  'u16le',
  'u24be',
  'u24le',
  'u32be',
  'u32le',
  'u64be',
  'u64le',
  'i8',
  'i16be',
  'i16le',
  'i32be',
  'i32le',
] as const;

test.each([...names, 'mqttVarint', 'websocketLength'] as const)('%s is written by its name', (name) => {
  expect(layoutOfField(fieldOf(name, 'field'))).toBe(name);
  expect(fieldOf(name, 'field').name).toBe(name);
});

test.each([
  { type: 'varint', maxBytes: 3, overlong: 'accept' },
  { type: 'ber', maxBytes: 2, overlong: 'reject' },
  { type: 'asciiDecimal', end: ':', maxDigits: 3, leadingZeros: 'accept' },
  { type: 'asciiDecimal', digits: 4, pad: 'blank' },
  { type: 'asciiHex', digits: 4, letters: 'upper' },
  { type: 'bcd', byteLength: 2 },
  { type: 'u16be', min: 7 },
] as const)('%o is read and written again', (layout) => {
  expect(layoutOfField(fieldOf(layout, 'field'))).toEqual(layout);
});

test('defaults are written out, and a field of somebody is no data', () => {
  expect(layoutOfField(varint())).toEqual({ type: 'varint', maxBytes: 5, overlong: 'reject' });
  expect([layoutOfField(mqttVarint), layoutOfField(websocketLength)]).toEqual(['mqttVarint', 'websocketLength']);
  expect(layoutOfField({ ...u8 })).toBeUndefined();
});
