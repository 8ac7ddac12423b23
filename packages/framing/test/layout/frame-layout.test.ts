import { expect, test } from 'vitest';
import { asciiDecimal, bytes, constant, crc16, reserved, sum, u16le, u8 } from '../../src/index.ts';
import { layoutReader } from '../../src/layout/codec-of.ts';
import { frameOptionsOf, layoutOfFrame } from '../../src/layout/frame-layout.ts';

test('options of frame are written as data, and read as options that are written so again', () => {
  const layout = layoutOfFrame({
    name: 'x',
    header: { a: constant(0x68), b: bytes(6), c: reserved(2), d: u16le, length: asciiDecimal({ digits: 4 }) },
    counts: { plus: 1 },
    padding: { to: 4 },
    trailer: [crc16('x25', { covers: { from: 'a', to: 'd' } }), sum(), constant(0x16)],
    idle: constant(0xfe),
  });
  expect(layout).toEqual({
    kind: 'frame',
    name: 'x',
    header: [
      { name: 'a', bytes: '68' },
      { name: 'b', opaque: 6 },
      { name: 'c', reserved: 2 },
      { name: 'd', field: 'u16le' },
      { name: 'length', field: { type: 'asciiDecimal', digits: 4, pad: 'zero' } },
    ],
    counts: { plus: 1 },
    padding: { to: 4 },
    trailer: [
      { checksum: 'crc16', algorithm: 'x25', covers: { from: 'a', to: 'd' }, field: 'u16be' },
      { checksum: 'sum', modulus: 256, negate: false, covers: 'payload', field: 'u8' },
      { bytes: '16' },
    ],
    idle: 'fe',
    emit: 'payload',
  });
  expect(layoutOfFrame({ name: 'x', ...frameOptionsOf(layoutReader(layout, 'layout')) })).toEqual(layout);
});

test('a function in options is no data', () => {
  expect(layoutOfFrame({ header: { length: u8 }, padding: { to: () => 0 } })).toBeUndefined();
});
