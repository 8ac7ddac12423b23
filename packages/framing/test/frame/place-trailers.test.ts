import { expect, test } from 'vitest';
import { asciiDecimal, asciiHex, bytes as opaque, constant, frame, sum, u8, varint, xor } from '../../src/index.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern, text, toHex } from '../support/bytes.ts';
import type { Trailer } from '../../src/index.ts';

const dlt645 = frame({
  idle: constant(0xfe),
  header: { start: constant(0x68), address: opaque(6), again: constant(0x68), control: u8, length: u8 },
  trailer: [sum({ covers: 'headerAndPayload' }), constant(0x16)],
});

test('a frame of DL/T 645 has a checksum and an end mark, and FE bytes before it belong to none', () => {
  const message = { header: { address: fromHex('12 34 56 78 90 00'), control: 0x11 }, payload: fromHex('33 33 34 33') };
  const wire = dlt645.encode(message);
  expect(toHex(wire)).toBe('68 12 34 56 78 90 00 68 11 04 33 33 34 33 56 16');
  expect(decodeAll(dlt645, [fromHex(`fe fe fe fe ${toHex(wire)} fe ${toHex(wire)}`)])).toEqual([message, message]);
  checkCodec(dlt645, [message, { header: { address: pattern(6), control: 0 }, payload: pattern(0) }]);
});

test('the checksum is checked before the mark behind it', () => {
  const wire = toHex(dlt645.encode({ header: { address: pattern(6), control: 1 }, payload: pattern(2) }));
  expect(frameErrorOf(() => decodeAll(dlt645, [fromHex(wire.replace(/16$/, '17'))])).code).toBe('FRAME_ERR_BAD_TRAILER');
  expect(frameErrorOf(() => decodeAll(dlt645, [fromHex(wire.replace(/.. 16$/, '00 17'))])).code).toBe('FRAME_ERR_BAD_CHECKSUM');
});

test('a checksum covers the parts of the header that it names', () => {
  const header = { a: constant(1), b: u8, length: varint(), c: constant(4) };
  const ranges = [
    [{ from: 'b' }, 2 ^ 3 ^ 4 ^ 0x0a ^ 0x0b ^ 0x0c],
    [{ from: 'a', to: 'b' }, 1 ^ 2],
    [{ from: 'length', to: 'length' }, 3],
    [{ from: 'c' }, 4 ^ 0x0a ^ 0x0b ^ 0x0c],
    ['payload', 0x0a ^ 0x0b ^ 0x0c],
    ['headerAndPayload', 1 ^ 2 ^ 3 ^ 4 ^ 0x0a ^ 0x0b ^ 0x0c],
  ] as const;
  for (const [covers, expected] of ranges) {
    const codec = frame({ header, trailer: xor({ covers }) });
    const message = { header: { b: 2 }, payload: fromHex('0a 0b 0c') };
    expect([covers, codec.encode(message).at(-1)]).toEqual([covers, expected]);
    checkCodec(codec, [message]);
  }
});

test('FIX sums up in three decimal digits', () => {
  const codec = frame({ header: { length: u8 }, trailer: [sum({ field: asciiDecimal({ digits: 3 }), modulus: 256 }), constant(1)] });
  expect(text(codec.encode(bytes('abc')))).toBe('\u0003abc038\u0001');
  checkCodec(codec, [pattern(0), pattern(99)]);
});

test('a checksum in letters that is no number is a bad checksum', () => {
  const codec = frame({ header: { length: u8 }, trailer: sum({ field: asciiHex(2), negate: true }) });
  expect(text(codec.encode(bytes('ab')))).toBe('\u0002ab3d');
  expect(frameErrorOf(() => decodeAll(codec, [bytes('\u0002abxy')])).code).toBe('FRAME_ERR_BAD_CHECKSUM');
});

function make(trailer: Trailer | readonly Trailer[]): () => unknown {
  return () => frame({ header: { a: u8, length: u8 }, trailer });
}

test('trailers that cannot be throw a RangeError', () => {
  expect(make(sum({ covers: { from: 'x' } }))).toThrow('sum covers "x"; allowed: the parts of the header: a, length');
  expect(make(sum({ covers: { from: 'length', to: 'a' } }))).toThrow('sum covers nothing: a stands before length');
  expect(make(Array.from({ length: 9 }, () => constant(1)))).toThrow('9 trailers; allowed: 8');
  expect(() => sum({ field: varint() })).toThrow('a varint field cannot hold a sum');
  expect(() => sum({ modulus: 257 })).toThrow('modulus of a sum in a u8 field is 257; allowed: whole numbers from 2 to 256');
});
