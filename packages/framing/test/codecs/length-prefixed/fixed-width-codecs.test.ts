import { expect, test } from 'vitest';
import { createLengthPrefixedCodec } from '../../../src/codecs/length-prefixed/fixed-width-codecs.ts';
import { createFrameWriter, i32be, i32le, u16be, u16le, u24be, u32be, u32le, u8 } from '../../../src/index.ts';
import { bytes, frameErrorOf, pattern, toHex } from '../../support/bytes.ts';
import type { IntegerField } from '../../../src/index.ts';

const fields: readonly IntegerField[] = [u8, u16be, u16le, u24be, u32be, u32le, i32be, i32le];

test.each(fields)('$name: writes what the field itself writes, alone and behind other frames', (length) => {
  const codec = createLengthPrefixedCodec(length, 2 ** 24);
  const writer = createFrameWriter();
  for (const byteLength of [0, 1, 255, 256, 65_535, 65_536, 0x01_02_03].filter((each) => each <= length.max)) {
    const prefix = new Uint8Array(length.byteLength);
    length.write(prefix, 0, byteLength);
    const payload = pattern(byteLength);
    const frame = codec.encode(payload);
    expect(toHex(frame.subarray(0, length.byteLength))).toBe(toHex(prefix));
    expect(Buffer.compare(frame.subarray(length.byteLength), payload)).toBe(0);
    codec.encodeInto(writer, bytes('before'));
    codec.encodeInto(writer, payload);
    expect(Buffer.compare(writer.take().subarray(length.byteLength + 6), frame)).toBe(0);
  }
});

test.each(fields)('$name: refuses memory of a writer without room, and a payload over the limit before it reserves any', (length) => {
  const codec = createLengthPrefixedCodec(length, 9);
  for (const payload of [bytes(''), bytes('hi')]) {
    const shortWriter = { ...createFrameWriter(), length: 0, bytes: new Uint8Array(length.byteLength - 1), reserve: () => 0 };
    expect(() => codec.encodeInto(shortWriter, payload)).toThrow(Error);
  }
  const writer = createFrameWriter();
  expect(frameErrorOf(() => codec.encodeInto(writer, pattern(10))).code).toBe('FRAME_ERR_TOO_LARGE');
  expect(writer.length).toBe(0);
});
