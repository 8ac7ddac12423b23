import { expect, test } from 'vitest';
import { checkChecksum, checksumBytes, hex, writeChecksum } from '../../../src/codecs/measured/checked-bytes.ts';
import { asciiHex, sum, varint, xor } from '../../../src/index.ts';
import { bytes, text } from '../../support/bytes.ts';

test('a checksum is written where it belongs, and read back', () => {
  const checksum = sum({ field: asciiHex(2, { letters: 'upper' }) });
  const frame = bytes('hi??');
  writeChecksum(checksum, frame, { start: 0, end: 2, at: 2 });
  expect([text(frame), checksumBytes(checksum), hex(10)]).toEqual(['hiD1', 2, '0x0a']);
  checkChecksum(checksum, frame, { start: 0, end: 2, at: 2 });
});

test('a number that is another one, or none, is FRAME_ERR_BAD_CHECKSUM', () => {
  const at = { start: 0, end: 2, at: 2 };
  expect(() => checkChecksum(xor(), bytes('hi?'), at)).toThrow('xor is 0x3f, but the received bytes give 0x01');
  expect(() => checkChecksum(sum({ field: asciiHex(2) }), bytes('hi?!'), at)).toThrow('sum cannot be read');
  expect(() => checksumBytes({ ...xor(), field: varint() })).toThrow('xor in a varint field; allowed: fields of a fixed width');
});
