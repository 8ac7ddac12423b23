import { expect, test } from 'vitest';
import { asciiDecimal } from '../../src/fields/ascii-decimal.ts';
import { CRC16_ALGORITHMS, CRC8_ALGORITHMS } from '../../src/frame/crc.ts';
import { asciiHex, constant, crc16, crc8, frame, u16le, u8 } from '../../src/index.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { bytes, fromHex, pattern, text, toHex } from '../support/bytes.ts';
import type { Checksum } from '../../src/index.ts';

function checkValue(checksum: Checksum): number {
  return checksum.finish(checksum.update(checksum.initial, bytes('123456789'), 0, 9));
}

// The check values of the catalogue of parametrised CRC algorithms.
test('the published check values', () => {
  const catalogue = { arc: 0xbb3d, 'ccitt-false': 0x29b1, kermit: 0x2189, mcrf4xx: 0x6f91, modbus: 0x4b37, x25: 0x906e, xmodem: 0x31c3 };
  for (const [name, value] of Object.entries(catalogue)) expect([name, checkValue(crc16(name as 'arc'))]).toEqual([name, value]);
  expect(CRC16_ALGORITHMS).toEqual([...Object.keys(catalogue), 'hj212']);
  const eight = { 'maxim-dow': 0xa1, rohc: 0xd0, smbus: 0xf4 };
  for (const [name, value] of Object.entries(eight)) expect([name, checkValue(crc8(name as 'rohc'))]).toEqual([name, value]);
  expect(CRC8_ALGORITHMS).toEqual(Object.keys(eight));
});

const hj212 = frame({
  header: { start: constant(0x23, 0x23), length: asciiDecimal({ digits: 4 }) },
  trailer: [crc16('hj212', { field: asciiHex(4, { letters: 'upper' }) }), constant(0x0d, 0x0a)],
});

test('the message of HJ 212-2017, C.1, is written and read as it stands there', () => {
  const payload = 'QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&';
  const wire = `##0101${payload}1C80\r\n`;
  expect(text(hj212.encode(bytes(payload)))).toBe(wire);
  expect(decodeAll(hj212, [bytes(wire)]).map(text)).toEqual([payload]);
});

test('a Modbus RTU checksum stands low byte first', () => {
  const codec = frame({ header: { length: u8 }, trailer: crc16('modbus', { field: u16le }) });
  // Modbus over Serial Line V1.02, the request 01 03 00 00 00 0a ends in c5 cd.
  expect(toHex(codec.encode(fromHex('01 03 00 00 00 0a')).subarray(-2))).toBe('c5 cd');
  checkCodec(codec, [pattern(0), pattern(9)]);
});

test('an unknown algorithm and a narrow field throw a RangeError', () => {
  expect(() => crc16('ccitt' as never)).toThrow(/^algorithm is "ccitt"; allowed: arc, ccitt-false/);
  expect(() => crc8('x' as never)).toThrow(/^algorithm is "x"; allowed: maxim-dow, rohc, smbus$/);
  for (const algorithm of ['x25', 'hj212'] as const)
    expect(() => crc16(algorithm, { field: u8 })).toThrow('a u8 field does not hold the 16 bits of crc16');
});
