import { expect, test } from 'vitest';
import { mqttVarint, varint } from '../../src/index.ts';
import { fromHex } from '../support/bytes.ts';
import { readBack, written } from './length-fields.ts';

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
] as const)('$0.name: $1 is $2', (field, value, hex) => {
  expect(written(field, value)).toBe(hex);
  expect(readBack(field, hex)).toBe(value);
  expect(hex.length).toBeLessThanOrEqual(field.maxBytes * 3);
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
  for (const maxBytes of [0, 9, 1.5]) {
    expect(() => varint({ maxBytes })).toThrow(new RangeError(`maxBytes of a varint is ${maxBytes}; allowed: whole numbers from 1 to 8`));
  }
});
