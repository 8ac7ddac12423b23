import { expect, test } from 'vitest';
import { asciiDecimal, atLeast, bcd, i16be, lowBits, u16be, u24le, u8 } from '../../../src/index.ts';
import { kaitaiNumber } from '../../../src/translate/targets/kaitai-numbers.ts';

test('integers have names of Kaitai', () => {
  expect([u8, i16be, u24le].map((field) => kaitaiNumber(field).attribute)).toEqual([{ type: 'u1' }, { type: 's2be' }, { type: 'b24le' }]);
  expect(kaitaiNumber(atLeast(u16be, 7)).attribute).toEqual({ type: 'u2be', valid: { min: 7 } });
  expect([kaitaiNumber(u8).value('n'), kaitaiNumber(bcd(2)).value('n'), kaitaiNumber(asciiDecimal({ digits: 4 })).value('n')]).toEqual([
    'n',
    'n.value',
    'n.to_i',
  ]);
});

test('a field without words for it is named', () => {
  expect(() => kaitaiNumber(lowBits(u16be, 9))).toThrow('field u16be:9 cannot be translated');
});
