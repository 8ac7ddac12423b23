import { expect, expectTypeOf, test } from 'vitest';
import { amqp, bytes as opaque, constant, frame, u16be, u8 } from '../../src/index.ts';
import { checkCodec, drip, everySplit, sticky } from '../../src/testing.ts';
import { bytes, pattern, text, toHex } from '../support/bytes.ts';

const codec = frame({ header: { start: constant(0x68), type: u8, key: opaque(2), length: u16be, flags: u8 }, idle: constant(0) });
const messages = [
  { header: { type: 1, key: bytes('ab'), flags: 0 }, payload: bytes('one') },
  { header: { type: 2, key: bytes('cd'), flags: 255 }, payload: bytes('') },
];

test('a codec with header fields keeps the whole contract of codecs, and says which fields it has', () => {
  checkCodec(codec, messages);
  expect(codec.fields).toEqual(['type', 'key', 'flags']);
});

test('advance() finds frames without making anything; header, read when it is asked for, is that of the frame found', () => {
  const wire = sticky([...messages.map((message) => codec.encode(message)), Uint8Array.of(0, 0)]);
  for (const chunks of [...everySplit(wire), drip(wire)]) {
    const decoder = codec.createDecoder();
    const seen: unknown[] = [];
    for (const chunk of chunks) {
      decoder.push(chunk);
      while (decoder.advance()) {
        const { type, key, flags } = decoder.header;
        seen.push([type, text(key), flags, toHex(decoder.payloadMemory.subarray(decoder.payloadStart, decoder.payloadEnd))]);
      }
    }
    decoder.end();
    expect(seen).toEqual([
      [1, 'ab', 0, '6f 6e 65'],
      [2, 'cd', 255, ''],
    ]);
    expect(decoder.skippedBytes).toBe(2);
  }
});

test('the types of the header are those of the fields', () => {
  const decoder = codec.createDecoder();
  expectTypeOf(decoder.header.type).toEqualTypeOf<number>();
  expectTypeOf(amqp().createDecoder().header).toEqualTypeOf<{ readonly type: number; readonly channel: number }>();
});

test('what has no header is a TypeError that names the fields', () => {
  for (const wrong of [pattern(3), undefined, { payload: pattern(1) }, { header: null, payload: pattern(1) }]) {
    expect(() => codec.encode(wrong as never)).toThrow('frame carries objects { header: { type, key, flags }, payload }');
  }
});
