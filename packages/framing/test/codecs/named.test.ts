import { expect, test } from 'vitest';
import { named } from '../../src/codecs/named.ts';
import { createFrameWriter, frame, u32be, u8 } from '../../src/index.ts';
import { checkCodec } from '../../src/testing.ts';
import { bytes, pattern, toHex } from '../support/bytes.ts';

test('a header that is only a length gives the length-prefixed codec, under its name or a chosen one', () => {
  expect(toHex(frame({ header: { length: u32be } }).encode(bytes('hi')))).toBe('00 00 00 02 68 69');
  expect(frame({ header: { length: u32be } }).name).toBe('u32be');
  const mine = frame({ name: 'mine', header: { length: u32be }, maxPayloadBytes: 9 });
  expect([mine.name, mine.maxPayloadBytes]).toEqual(['mine', 9]);
  checkCodec(mine, [bytes('hi'), bytes(''), pattern(9)]);
});

test('a codec under its own name is that codec', () => {
  const codec = frame({ header: { length: u8 } });
  expect(named('u8', codec)).toBe(codec);
  const writer = createFrameWriter();
  named('mine', codec).encodeInto(writer, bytes('hi'));
  expect(toHex(writer.take())).toBe('02 68 69');
});
