import { expect, test } from 'vitest';
import { constant, crc32, frame, u16be, u24le, u32be, u8, varint } from '../../src/index.ts';
import { drip, sticky } from '../../src/testing.ts';
import { drain, fromHex, pattern } from '../support/bytes.ts';
import { toHex } from '../support/bytes.ts';
import type { Bytes, Codec } from '../../src/index.ts';

const full = frame({
  header: { magic: constant(0xca, 0xfe), kind: u8, length: varint(), version: constant(1), stream: u24le },
  padding: { to: 4, with: 0xaa },
  trailer: crc32({ covers: 'headerAndPayload' }),
});

test('tells how many bytes are missing at least, and never 0', () => {
  const wire = full.encode({ header: { kind: 1, stream: 2 }, payload: pattern(130) });
  const decoder = full.createDecoder();
  for (let at = 0; at < wire.length; at++) {
    expect(decoder.next()).toBeUndefined();
    expect(decoder.neededBytes).toBeGreaterThan(0);
    expect(decoder.neededBytes).toBeLessThanOrEqual(wire.length - at);
    expect(decoder.bufferedBytes).toBe(at);
    decoder.push(wire.subarray(at, at + 1));
  }
  expect(drain(decoder).map(({ header, payload }) => [header, payload.length])).toEqual([[{ kind: 1, stream: 2 }, 130]]);
});

test('detach gives back every byte of the frame under way, in every state', () => {
  const whole = frame({ header: { type: u8, length: u16be }, emit: 'frame' });
  const wires: readonly [Codec<unknown, never>, Bytes][] = [
    [full, full.encode({ header: { kind: 1, stream: 2 }, payload: pattern(9) })],
    [whole, fromHex('01 00 03 61 62 63')],
  ];
  for (const [codec, wire] of wires) {
    for (let at = 0; at < wire.length; at++) {
      for (const chunks of [[wire.subarray(0, at)], drip(wire.subarray(0, at))]) {
        const decoder = codec.createDecoder();
        for (const chunk of chunks) {
          decoder.push(chunk);
          expect(decoder.next()).toBeUndefined();
        }
        expect(toHex(decoder.detach())).toBe(toHex(wire.subarray(0, at)));
        decoder.push(wire);
        expect(decoder.next()).toBeDefined();
        decoder.end();
      }
    }
  }
});

test('a length alone makes nobody allocate: 1,000 decoders that saw the largest header hold under 8 MiB', () => {
  const codec = frame({ header: { type: u8, length: u32be }, emit: 'frame', maxPayloadBytes: 2 ** 32 });
  const before = process.memoryUsage().arrayBuffers;
  const decoders = Array.from({ length: 1000 }, () => codec.createDecoder());
  for (const decoder of decoders) {
    decoder.push(fromHex('01 ff ff ff 00'));
    expect(decoder.next()).toBeUndefined();
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  expect(decoders[0]?.bufferedBytes).toBe(5);
});

test('the cursor sees the payloads that next() gives, and allocates nothing for them', () => {
  const codec = frame({ header: { magic: constant(9), length: varint() }, trailer: constant(0xce) });
  const wire = sticky([pattern(3), pattern(0), pattern(200)].map((payload) => codec.encode(payload)));
  for (const chunks of [[wire], drip(wire)]) {
    const decoder = codec.createDecoder();
    const seen: string[] = [];
    for (const chunk of chunks) {
      decoder.push(chunk);
      while (decoder.advance()) seen.push(toHex(decoder.payloadMemory.subarray(decoder.payloadStart, decoder.payloadEnd)));
    }
    expect(seen).toEqual([pattern(3), pattern(0), pattern(200)].map(toHex));
  }
});
