import { expect, test } from 'vitest';
import { ber, constant, frame } from '../../src/index.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { fromHex, frameErrorOf, pattern, toHex } from '../support/bytes.ts';
import { readBack, written } from './length-fields.ts';

// ITU-T X.690, 8.1.3.4 and 8.1.3.5.
test.each([
  [0, '00'],
  [38, '26'],
  [127, '7f'],
  [128, '81 80'],
  [201, '81 c9'],
  [256, '82 01 00'],
  [300, '82 01 2c'],
  [2 ** 32 - 1, '84 ff ff ff ff'],
] as const)('%d is %s', (value, hex) => {
  expect(written(ber(), value)).toBe(hex);
  expect(readBack(ber(), hex)).toBe(value);
  expect(readBack(ber({ overlong: 'reject' }), hex)).toBe(value);
});

const ldap = frame({ header: { sequence: constant(0x30), length: ber() } });

test('an LDAP message with a length of four bytes, as Active Directory writes it, is read', () => {
  // An unbind request, RFC 4511, 4.3.
  expect(decodeAll(ldap, [fromHex('30 84 00 00 00 05 02 01 03 42 00')]).map(toHex)).toEqual(['02 01 03 42 00']);
  checkCodec(ldap, [pattern(0), pattern(127), pattern(128), pattern(300)]);
});

test.each([
  ['80', ber(), 'FRAME_ERR_MALFORMED_LENGTH'],
  ['85', ber(), 'FRAME_ERR_HEADER_TOO_LONG'],
  ['81 7f', ber({ overlong: 'reject' }), 'FRAME_ERR_OVERLONG_VARINT'],
  ['82 00', ber({ overlong: 'reject' }), 'FRAME_ERR_OVERLONG_VARINT'],
] as const)('%s is refused on its last byte', (hex, length, code) => {
  const decoder = frame({ header: { length } }).createDecoder();
  for (const byte of fromHex(hex).subarray(0, -1)) {
    decoder.push(Uint8Array.of(byte));
    expect(decoder.next()).toBeUndefined();
  }
  decoder.push(fromHex(hex).subarray(-1));
  expect(frameErrorOf(() => decoder.next()).code).toBe(code);
});

test('options that cannot be throw a RangeError', () => {
  for (const maxBytes of [0, 8, 1.5]) expect(() => ber({ maxBytes })).toThrow(/^maxBytes of a ber is .*; allowed:/);
  expect(() => ber({ overlong: 'x' as never })).toThrow(/^overlong is "x"; allowed: reject, accept$/);
});
