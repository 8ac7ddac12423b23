import { expect, test } from 'vitest';
import { crc32, frame, i32be, sum, u16le, u32le, u64be, u8, xor } from '../../src/index.ts';
import { checkCodec } from '../../src/testing.ts';
import { bytes, pattern } from '../support/bytes.ts';
import type { Checksum } from '../../src/index.ts';

function checksumOf(checksum: Checksum, text: string): number {
  const chunk = bytes(text);
  return checksum.finish(checksum.update(checksum.initial, chunk, 0, chunk.length));
}

test('crc32 of the published check values', () => {
  // The check value of CRC-32/ISO-HDLC; RFC 3720, B.4 lists CRC-32C, which is another.
  expect(checksumOf(crc32(), '123456789')).toBe(0xcbf43926);
  expect(checksumOf(crc32(), '')).toBe(0);
  expect(checksumOf(crc32(), 'The quick brown fox jumps over the lazy dog')).toBe(0x414fa339);
});

test('sum and xor add up bytes', () => {
  expect(checksumOf(sum(), '\u007f\u007f\u007f')).toBe((3 * 127) % 256);
  expect(checksumOf(sum({ field: u16le }), '\u007f\u007f\u007f')).toBe(3 * 127);
  // The sentence of the NMEA 0183 examples: $GPGLL,5300.97914,N,00259.98174,E,125926,A*28.
  expect(checksumOf(xor(), 'GPGLL,5300.97914,N,00259.98174,E,125926,A')).toBe(0x28);
});

test('a checksum that is taken in parts is that of the whole', () => {
  const chunk = pattern(100);
  for (const checksum of [crc32(), sum(), xor()]) {
    const whole = checksum.finish(checksum.update(checksum.initial, chunk, 0, 100));
    for (let at = 0; at <= 100; at++) {
      const state = checksum.update(checksum.initial, chunk, 0, at);
      expect(checksum.finish(checksum.update(state, chunk, at, 100))).toBe(whole);
    }
  }
});

test.each([crc32({ field: u32le }), sum({ field: u16le, covers: 'headerAndPayload' }), xor({ covers: 'headerAndPayload' })])(
  '$name ends frames that are read back however they are cut',
  (trailer) => {
    for (const emit of ['payload', 'frame'] as const) {
      const codec = frame({ header: { length: u8 }, trailer });
      const payloads = [pattern(20), bytes(''), bytes('hi')];
      if (emit === 'payload') checkCodec(codec, payloads);
      else
        checkCodec(
          frame({ header: { length: u8 }, trailer, emit }),
          payloads.map((payload) => codec.encode(payload)),
        );
    }
  },
);

test('a field that cannot hold the number throws a RangeError', () => {
  expect(() => crc32({ field: u8 })).toThrow(new RangeError('a u8 field does not hold the 32 bits of crc32'));
  expect(() => crc32({ field: i32be })).toThrow(RangeError);
  expect(() => sum({ field: u64be })).toThrow(new RangeError('a u64be field cannot hold a sum; allowed: unsigned ones of at most 32 bits'));
  expect(() => xor({ field: i32be })).toThrow(RangeError);
});
