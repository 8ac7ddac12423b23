import { expect, test } from 'vitest';
import { createFrameWriter, lengthPrefixed, line, u32be } from '../src/index.ts';
import { decodeAll, sticky } from '../src/testing.ts';
import { bytes, frameErrorOf, pattern, text, toHex } from './bytes.ts';

test('takes nothing when nothing was written', () => {
  const writer = createFrameWriter();
  expect([writer.length, writer.take().length, writer.take().length]).toEqual([0, 0, 0]);
  line().encodeInto(writer, bytes('a'));
  expect([writer.length, text(writer.take()), writer.length, writer.take().length]).toEqual([2, 'a\n', 0, 0]);
});

test('a writer that is never used holds no slab', () => {
  expect(createFrameWriter().bytes.length).toBe(0);
});

test('collects frames of several codecs in order', () => {
  const writer = createFrameWriter();
  line().encodeInto(writer, bytes('one'));
  lengthPrefixed({ length: u32be }).encodeInto(writer, bytes('two'));
  line().encodeInto(writer, bytes(''));
  expect(toHex(writer.take())).toBe(toHex(sticky([bytes('one\n'), Uint8Array.of(0, 0, 0, 3), bytes('two\n')])));
});

test('never changes bytes that were taken, whatever is written later', () => {
  const writer = createFrameWriter({ slabBytes: 64 });
  const codec = lengthPrefixed({ length: u32be });
  const taken: [Uint8Array, string][] = [];
  for (let round = 0; round < 200; round++) {
    const payloads = Array.from({ length: round % 5 }, (_, index) => pattern((round * 7 + index) % 90));
    for (const payload of payloads) codec.encodeInto(writer, payload);
    const batch = writer.take();
    expect(decodeAll(codec, [batch]).map(toHex)).toEqual(payloads.map(toHex));
    taken.push([batch, toHex(batch)]);
  }
  for (const [batch, hex] of taken) expect(toHex(batch)).toBe(hex);
});

test('holds a batch of many slabs, and a frame larger than one', () => {
  const codec = lengthPrefixed({ length: u32be });
  const payloads = [...Array.from({ length: 500 }, (_, index) => pattern(index % 33)), pattern(10_000), pattern(1)];
  const writer = createFrameWriter({ slabBytes: 16 });
  for (const payload of payloads) codec.encodeInto(writer, payload);
  expect(toHex(writer.take())).toBe(toHex(sticky(payloads.map((payload) => codec.encode(payload)))));
});

test('a batch under way is copied a bounded number of times while it grows', () => {
  const writer = createFrameWriter({ slabBytes: 1024 });
  let slabs = 0;
  let slab = writer.bytes;
  for (let frame = 0; frame < 10_000; frame++) {
    line().encodeInto(writer, bytes('0123456789'));
    if (writer.bytes !== slab) slabs++;
    slab = writer.bytes;
  }
  expect(writer.take().length).toBe(110_000);
  expect(slabs).toBeLessThanOrEqual(8);
});

test('a slab that grew for one batch leaves with it', () => {
  const writer = createFrameWriter({ slabBytes: 64 });
  const codec = lengthPrefixed({ length: u32be });
  codec.encodeInto(writer, pattern(10_000));
  const large = writer.take();
  codec.encodeInto(writer, pattern(10));
  const small = writer.take();
  expect(small.buffer.byteLength).toBe(80);
  expect(decodeAll(codec, [large, small]).map(toHex)).toEqual([toHex(pattern(10_000)), toHex(pattern(10))]);
});

test('many small batches share one slab', () => {
  const writer = createFrameWriter({ slabBytes: 1024 });
  const batches = Array.from({ length: 100 }, () => {
    line().encodeInto(writer, bytes('123456789'));
    return writer.take();
  });
  expect(new Set(batches.slice(0, 100).map((batch) => batch.buffer)).size).toBe(1);
});

test('keeps the frames before a refused payload, and nothing of the payload', () => {
  const writer = createFrameWriter();
  const codec = line({ maxPayloadBytes: 4 });
  codec.encodeInto(writer, bytes('ok'));
  frameErrorOf(() => codec.encodeInto(writer, bytes('too long')));
  codec.encodeInto(writer, bytes('ok2'));
  expect(text(writer.take())).toBe('ok\nok2\n');
});
