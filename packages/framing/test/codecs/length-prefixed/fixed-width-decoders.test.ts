import { expect, test } from 'vitest';
import { LengthPrefixedDecoder } from '../../../src/codecs/length-prefixed/decoder.ts';
import { createLengthPrefixedDecoder } from '../../../src/codecs/length-prefixed/fixed-width-decoders.ts';
import { i32be, i32le, u16be, u16le, u24be, u24le, u32be, u32le, u64be, u64le, u8 } from '../../../src/index.ts';
import { randomSplits, sticky } from '../../../src/testing.ts';
import { bytes, drain, frameErrorOf, pattern, toHex } from '../../support/bytes.ts';
import type { Bytes, BytesIn, IntegerField } from '../../../src/index.ts';

const fields: readonly IntegerField[] = [u8, u16be, u16le, u24be, u24le, u32be, u32le, i32be, i32le, u64be, u64le];

function frameOf(length: IntegerField, payload: Bytes): Bytes {
  const frame = new Uint8Array(length.byteLength + payload.length);
  length.write(frame, 0, payload.length);
  frame.set(payload, length.byteLength);
  return frame;
}

test.each(fields)('$name: reads what the decoder that asks the field reads, in every cut, out of Buffers and plain arrays', (length) => {
  const payloads = [0, 1, 2, 127, 128, 255, 256, 0x102, 4000, 70_000].filter((byteLength) => byteLength <= length.max).map(pattern);
  const wire = sticky(payloads.map((payload) => frameOf(length, payload)));
  for (const chunks of [[wire], ...randomSplits(wire, { seed: 5, count: 20 })]) {
    for (const wrap of [(chunk: Bytes): BytesIn => chunk, (chunk: Bytes): BytesIn => Buffer.from(chunk)]) {
      const decoders = [createLengthPrefixedDecoder(length, 100_000), new LengthPrefixedDecoder(length, 100_000)];
      const seen: string[][] = [[], []];
      for (const chunk of chunks) {
        for (const [index, decoder] of decoders.entries()) {
          decoder.push(wrap(chunk));
          seen[index]!.push(...drain(decoder).map(toHex));
        }
      }
      expect(seen[0]).toEqual(payloads.map(toHex));
      expect(seen[1]).toEqual(seen[0]);
    }
  }
});

test.each([
  [u32be, 'ff ff ff fe', 'FRAME_ERR_TOO_LARGE', 4_294_967_294],
  [u32le, 'fe ff ff ff', 'FRAME_ERR_TOO_LARGE', 4_294_967_294],
  [i32be, 'ff ff ff fe', 'FRAME_ERR_MALFORMED_LENGTH', -2],
  [i32le, 'fe ff ff ff', 'FRAME_ERR_MALFORMED_LENGTH', -2],
  [u16be, 'ff fe 00 00', 'FRAME_ERR_TOO_LARGE', 65_534],
  [u16le, 'fe ff 00 00', 'FRAME_ERR_TOO_LARGE', 65_534],
] as const)('$0.name: the highest bit is a sign or a length beyond the limit: %s %s', (length, hex, code, declared) => {
  const decoder = createLengthPrefixedDecoder(length, 100);
  decoder.push(Uint8Array.from(hex.split(' '), (byte) => Number.parseInt(byte, 16)));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code, declared, limit: 100, offset: 0 });
});

test('a length from 2^31 on is waited for where the limit allows it', () => {
  const decoder = createLengthPrefixedDecoder(u32be, u32be.max);
  decoder.push(sticky([Uint8Array.of(0xff, 0xff, 0xff, 0xff), bytes('abc')]));
  expect(decoder.next()).toBeUndefined();
  expect(decoder.neededBytes).toBe(u32be.max - 3);
});
