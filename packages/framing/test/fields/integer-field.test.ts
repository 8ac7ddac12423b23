import { expect, test } from 'vitest';
import { i16be, i16le, i32be, i32le, i8, u16be, u16le, u24be, u24le, u32be, u32le, u64be, u64le, u8 } from '../../src/index.ts';
import { frameErrorOf, fromHex, toHex } from '../support/bytes.ts';
import type { IntegerField } from '../../src/index.ts';

const fields: readonly IntegerField[] = [u8, i8, i16be, i16le, u16be, u16le, u24be, u24le, u32be, u32le, i32be, i32le, u64be, u64le];

function packed(field: IntegerField, value: number): string {
  const target = new Uint8Array(field.byteLength);
  field.write(target, 0, value);
  return toHex(target);
}

test("i32le packs 111111 as Python's struct.pack('i', 111111) does, and unpacks it", () => {
  expect(packed(i32le, 111_111)).toBe('07 b2 01 00');
  expect(i32le.read(fromHex('07 b2 01 00'), 0)).toBe(111_111);
});

test.each([
  [u8, 0xfe, 'fe'],
  [u16be, 0x0102, '01 02'],
  [u16le, 0x0102, '02 01'],
  [u24be, 0x010203, '01 02 03'],
  [u24le, 0x010203, '03 02 01'],
  [u32be, 0xf1020304, 'f1 02 03 04'],
  [u32le, 0xf1020304, '04 03 02 f1'],
  [i8, -2, 'fe'],
  [i16be, -2, 'ff fe'],
  [i16le, -2, 'fe ff'],
  [i32be, -2, 'ff ff ff fe'],
  [i32le, -2, 'fe ff ff ff'],
  [u64be, 0x1f_0203_0405_0607, '00 1f 02 03 04 05 06 07'],
  [u64le, 0x1f_0203_0405_0607, '07 06 05 04 03 02 1f 00'],
] as const)('$0.name lays $1 out as $2', (field, value, hex) => {
  expect(packed(field, value)).toBe(hex);
  expect(field.read(fromHex(hex), 0)).toBe(value);
});

test.each(fields)('$name has the range of its width', ({ name, byteLength, min, max }) => {
  const bits = Number(/\d+/.exec(name)![0]);
  expect(byteLength).toBe(bits / 8);
  const signed = name.startsWith('i');
  expect(min).toBe(signed ? -(2 ** (bits - 1)) : 0);
  expect(max).toBe(Math.min(2 ** (signed ? bits - 1 : bits) - 1, Number.MAX_SAFE_INTEGER));
});

test.each(fields)('$name gives back its smallest, largest and middle numbers, at any offset', (field) => {
  const { min, max } = field;
  const values = new Set([min, min + 1, 0, 1, 127, 128, 255, Math.floor(max / 256), Math.floor((min + max) / 2), max - 1, max]);
  for (const value of [...values].filter((each) => each <= max)) {
    for (const offset of [0, 3]) {
      const target = new Uint8Array(offset + field.byteLength + 2).fill(0xaa);
      field.write(target, offset, value);
      expect(field.read(target, offset)).toBe(value);
      expect([...target.subarray(0, offset), ...target.subarray(offset + field.byteLength)].every((byte) => byte === 0xaa)).toBe(true);
    }
  }
});

test.each(fields)('$name throws FRAME_ERR_TOO_LARGE for what it cannot hold, and writes nothing', (field) => {
  const { name, min, max } = field;
  for (const value of [min - 1, max + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const target = new Uint8Array(field.byteLength).fill(0xaa);
    const error = frameErrorOf(() => field.write(target, 0, value));
    expect(error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: value, limit: max });
    expect(error.message).toBe(`${name} cannot hold ${value}; allowed: whole numbers from ${min} to ${max}`);
    expect(target.every((byte) => byte === 0xaa)).toBe(true);
  }
});

test('one beyond what struct.pack takes is a clear error', () => {
  expect(() => packed(i32le, 2_147_483_648)).toThrow('i32le cannot hold 2147483648; allowed: whole numbers from -2147483648 to 2147483647');
  expect(() => packed(i32le, -2_147_483_649)).toThrow('i32le cannot hold -2147483649');
});

test.each(fields)('$name throws a RangeError rather than write past the end', (field) => {
  const target = new Uint8Array(field.byteLength);
  for (const offset of [1, -1, field.byteLength]) {
    expect(() => field.write(target, offset, 1)).toThrow(
      new RangeError(`${field.name} needs ${field.byteLength} bytes at ${offset}, there are ${field.byteLength}`),
    );
  }
  expect(target.every((byte) => byte === 0)).toBe(true);
});

test.each([
  [u64be, '00 20 00 00 00 00 00 00'],
  [u64be, 'ff ff ff ff ff ff ff ff'],
  [u64le, '00 00 00 00 00 00 20 00'],
  [u64le, 'ff ff ff ff ff ff ff ff'],
] as const)('$0.name reads $1 as more than its max', (field, hex) => {
  expect(field.read(fromHex(hex), 0)).toBeGreaterThan(field.max);
});
