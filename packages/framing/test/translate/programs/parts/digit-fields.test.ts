import { expect, test } from 'vitest';
import { interpreted } from '../../interpreter.ts';
import type { FieldLayout, Layout } from '../../../../src/index.ts';

test.each<[string, FieldLayout, string, string]>([
  ['digits', { type: 'asciiDecimal', digits: 3 }, '002hi', '6869 ok'],
  ['digits of hex', { type: 'asciiHex', digits: 2 }, '0Ahelloworld', '68656c6c6f776f726c64 ok'],
  ['digits behind blanks', { type: 'asciiDecimal', digits: 3, pad: 'blank' }, '  2hi', '6869 ok'],
  ['digits behind blanks, one of them late', { type: 'asciiDecimal', digits: 3, pad: 'blank' }, '1 2hi', 'FRAME_ERR_MALFORMED_LENGTH'],
  ['BCD', { type: 'bcd', byteLength: 1 }, '\u0002hi', '6869 ok'],
  ['digits up to an end', { type: 'asciiDecimal', end: '#' }, '2#hi', '6869 ok'],
  ['digits up to an end, too many', { type: 'asciiDecimal', end: '#', maxDigits: 2 }, '123#', 'FRAME_ERR_HEADER_TOO_LONG'],
])('%s', (_what, field, wire, expected) => {
  const layout: Layout = { kind: 'frame', header: [{ name: 'length', field }] };
  expect(interpreted(layout, [Buffer.from(wire, 'latin1')], 100)).toBe(expected);
});
