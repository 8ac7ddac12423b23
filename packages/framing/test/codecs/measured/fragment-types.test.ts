import { expect, test } from 'vitest';
import { masked, unmasked } from '../../../src/codecs/measured/fragment-types.ts';
import { websocketLength } from '../../../src/fields/websocket-length.ts';
import { compileLayout } from '../../../src/frame/layout.ts';
import { fragments, u16be, u8 } from '../../../src/index.ts';
import { fromHex, toHex } from '../../support/bytes.ts';
import type { FragmentsOptions } from '../../../src/index.ts';

const TYPES = { at: 0, bits: 0x0f, first: [2, 1], next: [0], control: [8] } as const;
const OPTIONS: FragmentsOptions = {
  frame: { header: { flags: u8, length: websocketLength } },
  goOn: { bit: 0x80, at: 0, set: 'last' },
  types: TYPES,
};

test.each([
  [{ at: 2 }, 'types are in byte 2; allowed: 0 to 1, the header'],
  [{ bits: 0 }, 'types have the bits 0; allowed: 1 to 255'],
  [{ bits: 0xff }, 'types have the bits 255, of which 128 tells whether a fragment goes on'],
  [{ first: [] }, 'types need one in first and one in next'],
  [{ first: [16] }, 'type 16 is there twice, or has other bits than 15'],
  [{ control: [0] }, 'type 0 is there twice'],
  [{ maxControlBytes: -1 }, 'maxControlBytes is -1; allowed: whole numbers from 0'],
  [{ onControl: 'drop' as 'skip' }, 'onControl is "drop"; allowed: skip, emit'],
])('types that cannot be told from one another are a RangeError: %o', (wrong, message) => {
  expect(() => fragments({ ...OPTIONS, types: { ...TYPES, ...wrong } })).toThrow(message);
});

test('a masking key has four bytes, a length that has room for it, and types', () => {
  expect(() => fragments({ ...OPTIONS, maskingKey: fromHex('0102') })).toThrow('a maskingKey of 2 bytes; allowed: 4');
  const { types: _types, ...untyped } = OPTIONS;
  expect(() => fragments({ ...untyped, maskingKey: fromHex('01020304') })).toThrow('a maskingKey needs types');
  const frame = { header: { flags: u8, length: u16be } };
  expect(() => fragments({ ...OPTIONS, frame, maskingKey: fromHex('01020304') })).toThrow('needs a length that has it: websocketLength');
});

test('a mask is put on, behind the length, and taken off a copy', () => {
  const layout = compileLayout({ header: { flags: u8, length: websocketLength, more: u8 } });
  const whole = masked(layout, fromHex('81 02 f0 6869'), 2, fromHex('01020304'));
  expect(toHex(whole)).toBe('81 82 01 02 03 04 f0 69 6b');
  expect(toHex(unmasked(layout, whole, 7))).toBe('68 69');
  expect(toHex(whole)).toBe('81 82 01 02 03 04 f0 69 6b');
});
