import { expect, test } from 'vitest';
import { codecOf, varint } from '../../../../src/index.ts';
import { readerOf } from '../../../../src/translate/programs/parts/fields.ts';
import { interpreted } from '../../interpreter.ts';
import type { Layout } from '../../../../src/index.ts';

test('every kind of length says how to read it', () => {
  for (const field of [
    'u8',
    'i8',
    'u16le',
    'i16be',
    'u24le',
    'u32be',
    'i32le',
    'u64le',
    'varint',
    'mqttVarint',
    'websocketLength',
    'ber',
  ]) {
    const layout = { kind: 'frame', header: [{ name: 'length', field }] } as Layout;
    for (const bytes of [0, 1, 100]) {
      const wire = codecOf(layout).encode(new Uint8Array(bytes).fill(7));
      expect([field, interpreted(layout, [wire], 100)]).toEqual([field, `${'07'.repeat(bytes) || '-'} ok`]);
    }
  }
});

test('a number that cannot go beyond 2^53 needs no look', () => {
  expect(readerOf(varint({ maxBytes: 5 }), 'at').read).toEqual([]);
  expect(readerOf(varint({ maxBytes: 8 }), 'at').read).toContain('isHuge = 0');
});
