import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fragments, lowBits, u24le, u32be, u8 } from '../../../src/index.ts';
import { checkCodec, decodeAll, drip } from '../../../src/testing.ts';
import { bytes, fromHex, pattern, text, toHex } from '../../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf, workOf } from '../../support/cuts.ts';

const RPC = { frame: { header: { length: lowBits(u32be, 31) } }, goOn: { bit: 0x80, at: 0, set: 'last' } } as const;
/** MySQL's rule, with packets of three bytes. */
const SMALL_MYSQL = fragments({ frame: { header: { length: u24le, sequence: u8 } }, goOn: { length: 3 }, counter: 'sequence' });

test('ONC RPC: fragments are put together up to the one with the bit', () => {
  expect(toHex(fragments(RPC).encode(bytes('hi')))).toBe('80 00 00 02 68 69');
  for (const chunks of [
    [fromHex('00000003 68656c 00000000 80000002 6c6f 80000000')],
    drip(fromHex('00000003 68656c 00000000 80000002 6c6f 80000000')),
  ]) {
    expect(decodeAll(fragments(RPC), chunks).map(text)).toEqual(['hello', '']);
  }
});

test('a payload is written in fragments of at most maxFragmentBytes', () => {
  const codec = fragments({ ...RPC, maxFragmentBytes: 2 });
  expect(toHex(codec.encode(bytes('hello')))).toBe('00 00 00 02 68 65 00 00 00 02 6c 6c 80 00 00 01 6f');
  checkCodec(codec, [bytes('hello'), bytes('hi'), bytes(''), pattern(50)]);
});

test('a bit may say that more comes', () => {
  const codec = fragments({ frame: { header: { flags: u8, length: u8 } }, goOn: { bit: 1, at: 0, set: 'more' }, maxFragmentBytes: 2 });
  expect(toHex(codec.encode(bytes('abc')))).toBe('01 02 61 62 00 01 63');
  checkCodec(codec, [bytes('abc'), bytes('')]);
});

test('MySQL: a packet as long as one can be goes on, so that one of none may end the payload', () => {
  expect(toHex(SMALL_MYSQL.encode(bytes('abcdef')))).toBe('03 00 00 00 61 62 63 03 00 00 01 64 65 66 00 00 00 02');
  checkCodec(SMALL_MYSQL, [bytes('abcdef'), bytes('ab'), bytes('abc'), bytes('')]);
});

test('a payload over the limit is refused on the header of the fragment that brings it there', () => {
  const codec = fragments({ ...RPC, maxPayloadBytes: 5 });
  checkCodec(codec, [bytes('fives')]);
  expect(outcomeOf(codec, fromHex('00000003 616263 80000003')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 6, limit: 5 });
});

test('a payload of the longest may come in fragments as short as their headers', () => {
  const short = fragments({ ...RPC, maxPayloadBytes: 65_536, maxFragmentBytes: 4 });
  const payload = pattern(65_536);
  const wire = short.encode(payload);
  expect(wire.length).toBe(131_072);
  expect(workOf(short, drip(wire))).toBeLessThanOrEqual(6 * wire.length);
  const mebibyte = pattern(1_048_576);
  const [got] = decodeAll(fragments(RPC), [fragments({ ...RPC, maxFragmentBytes: 500 }).encode(mebibyte)]);
  expect(Buffer.compare(got!, mebibyte)).toBe(0);
});

test('fragments without end are refused', () => {
  const small = fragments({ ...RPC, maxPayloadBytes: 1000 });
  for (const chunks of [[new Uint8Array(8192)], drip(new Uint8Array(8192))])
    expect(() => decodeAll(small, chunks)).toThrow(expect.objectContaining({ code: 'FRAME_ERR_HEADER_TOO_LONG', offset: 0 }));
  const emptyOnes = (byteLength: number) => () => decodeAll(fragments(RPC), [new Uint8Array(byteLength), fromHex('80000000')]);
  expect(emptyOnes(1_048_572)()).toEqual([new Uint8Array(0)]);
  expect(emptyOnes(1_048_576)).toThrow(expect.objectContaining({ code: 'FRAME_ERR_HEADER_TOO_LONG' }));
  expect(outcomeOf(fragments(RPC), fromHex('00000001 61')).error).toMatchObject({ code: 'FRAME_ERR_TRUNCATED' });
});

test('what cannot work is a RangeError', () => {
  expect(() => fragments({ ...RPC, goOn: { bit: 3, at: 0, set: 'last' } })).toThrow('bit 3 is not a bit of a byte');
  expect(() => fragments({ ...RPC, goOn: { bit: 1, at: 4, set: 'last' } })).toThrow('byte 4 is outside the header of 4 bytes');
  expect(() => fragments({ ...RPC, goOn: { length: 0 } })).toThrow('a fragment of 0 bytes goes on');
  expect(() => fragments({ ...RPC, maxFragmentBytes: 2 ** 31 })).toThrow(
    'maxFragmentBytes is 2147483648; allowed: whole numbers from 1 to',
  );
  expect(() => lowBits(u24le, 3)).toThrow('low bits of u24le; allowed: u16be, u24be and u32be');
  expect(() => lowBits(u32be, 32)).toThrow('32 low bits of u32be; allowed: 1 to 31');
});

test('time is linear on one-byte chunks, and whatever bytes come, the cut decides nothing', () => {
  const codec = fragments({ ...RPC, maxFragmentBytes: 100 });
  const stream = codec.encode(pattern(20_000));
  expect(workOf(codec, drip(stream))).toBeLessThanOrEqual(6 * stream.length);
  checkArbitraryBytes(fragments({ frame: { header: { length: u8 } }, goOn: { length: 2 }, maxPayloadBytes: 5 }), fc.nat(3));
});
