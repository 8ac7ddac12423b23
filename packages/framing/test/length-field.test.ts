import { expect, test } from 'vitest';
import { asciiDecimal, asciiHex, mqttVarint, varint } from '../src/index.ts';
import { websocketLength } from '../src/websocket-length.ts';
import { bytes, fromHex, toHex } from './bytes.ts';
import type { VariableLengthField } from '../src/index.ts';

function written(field: VariableLengthField, value: number): string {
  const target = new Uint8Array(field.byteLengthOf(value));
  field.write(target, 0, value);
  return toHex(target);
}

function readBack(field: VariableLengthField, hex: string): number {
  const wire = fromHex(`ee ${hex} ee`);
  const end = wire.length - 1;
  for (let at = 1; at < end; at++) expect(at === 1 ? 0 : field.measure(wire, 1, at)).toBe(0);
  expect([field.measure(wire, 1, end), field.measure(wire, 1, end + 1)]).toEqual([end - 1, end - 1]);
  return field.read(wire, 1, end - 1);
}

test.each([
  // DWARF, "Examples of unsigned LEB128 encodings"; Wikipedia, LEB128; Protocol Buffers encoding.
  [varint(), 2, '02'],
  [varint(), 127, '7f'],
  [varint(), 128, '80 01'],
  [varint(), 129, '81 01'],
  [varint(), 130, '82 01'],
  [varint(), 12_857, 'b9 64'],
  [varint(), 624_485, 'e5 8e 26'],
  [varint(), 300, 'ac 02'],
  [varint(), 2 ** 35 - 1, 'ff ff ff ff 7f'],
  [varint({ maxBytes: 8 }), 2 ** 53 - 1, 'ff ff ff ff ff ff ff 0f'],
  // MQTT 3.1.1, table 2.4.
  [mqttVarint, 0, '00'],
  [mqttVarint, 127, '7f'],
  [mqttVarint, 128, '80 01'],
  [mqttVarint, 321, 'c1 02'],
  [mqttVarint, 16_383, 'ff 7f'],
  [mqttVarint, 16_384, '80 80 01'],
  [mqttVarint, 2_097_151, 'ff ff 7f'],
  [mqttVarint, 2_097_152, '80 80 80 01'],
  [mqttVarint, 268_435_455, 'ff ff ff 7f'],
  [asciiDecimal({ end: ':' }), 0, toHex(bytes('0:'))],
  [asciiDecimal({ end: ' ' }), 9_999_999_999, toHex(bytes('9999999999 '))],
  [asciiHex(4), 12, toHex(bytes('000c'))],
  [asciiHex(4), 65_535, toHex(bytes('ffff'))],
  [websocketLength, 125, '7d'],
  [websocketLength, 126, '7e 00 7e'],
  [websocketLength, 65_535, '7e ff ff'],
  [websocketLength, 65_536, '7f 00 00 00 00 00 01 00 00'],
] as const)('$0.name: $1 is $2', (field, value, hex) => {
  expect(written(field, value)).toBe(hex);
  expect(readBack(field, hex)).toBe(value);
  expect(hex.length).toBeLessThanOrEqual(field.maxBytes * 3);
});

test('asciiHex reads upper case too', () => {
  expect(readBack(asciiHex(4), toHex(bytes('00Ff')))).toBe(255);
});

test('a varint longer than it needs is read only where that is asked for, and never beyond its limit', () => {
  expect(varint().measure(fromHex('85 00'), 0, 2)).toBe(-1);
  expect(readBack(varint({ overlong: 'accept' }), '85 00')).toBe(5);
  expect(readBack(varint({ overlong: 'accept' }), '85 80 80 80 00')).toBe(5);
  for (const overlong of ['accept', 'reject'] as const) {
    expect(varint({ overlong }).measure(fromHex('85 80 80 80 80 00'), 0, 6)).toBe(-1);
    expect(varint({ overlong }).measure(fromHex('85 80 80 80 80'), 0, 5)).toBe(-1);
    expect(varint({ overlong }).measure(fromHex('85 80 80 80'), 0, 4)).toBe(0);
  }
  expect(varint().measure(fromHex('00'), 0, 1)).toBe(1);
});

test('options that cannot be throw a RangeError', () => {
  for (const maxBytes of [0, 9, 1.5])
    expect(() => varint({ maxBytes })).toThrow(/^maxBytes of a varint is .*, allowed are whole numbers from 1 to 8$/);
  for (const end of ['', '::', '5', 'é'])
    expect(() => asciiDecimal({ end })).toThrow(/^end of an asciiDecimal is ".*", allowed is one ASCII character/);
  for (const maxDigits of [0, 16, 1.5])
    expect(() => asciiDecimal({ end: ':', maxDigits })).toThrow(/^maxDigits of an asciiDecimal is .*, allowed are/);
  for (const digits of [0, 14, 1.5]) expect(() => asciiHex(digits)).toThrow(/^digits of an asciiHex is .*, allowed are/);
  for (const make of [() => varint({ maxBytes: 0 }), () => asciiDecimal({ end: '' }), () => asciiHex(0)]) expect(make).toThrow(RangeError);
});
