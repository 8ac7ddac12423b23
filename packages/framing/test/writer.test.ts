import { socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createFrameWriter, decode, lengthPrefixed, line, u32be } from '../src/index.ts';
import { decodeAll, sticky } from '../src/testing.ts';
import { bytes, frameErrorOf, pattern, text, toHex } from './support/bytes.ts';
import type { FrameWriter } from '../src/index.ts';

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
  expect(small.buffer.byteLength).toBeLessThanOrEqual(80);
  expect(decodeAll(codec, [large, small]).map(toHex)).toEqual([toHex(pattern(10_000)), toHex(pattern(10))]);
});

test('every batch has memory of its own, at most twice what is in it', () => {
  const writer = createFrameWriter();
  const memories = new Set<ArrayBuffer>();
  for (let round = 0; round < 300; round++) {
    for (let frame = 0; frame <= (round * 7) % 40; frame++) line().encodeInto(writer, pattern((round * frame) % 90).fill(0x61));
    const batch = writer.take();
    expect(batch.buffer.byteLength).toBeLessThanOrEqual(2 * batch.length);
    expect(memories.has(batch.buffer)).toBe(false);
    memories.add(batch.buffer);
  }
});

test('batches of about one length cost one allocation each', () => {
  const writer = createFrameWriter({ slabBytes: 1024 });
  let memories = 0;
  for (let round = 0; round < 50; round++) {
    let memory = writer.bytes;
    for (let frame = 0; frame < 300 + (round % 20); frame++) {
      line().encodeInto(writer, bytes('123456789'));
      if (round > 0 && writer.bytes !== memory) memories++;
      memory = writer.bytes;
    }
    writer.take();
  }
  expect(memories).toBe(49);
});

test.each(['owned', 'reused'] as const)("a writer with memory '%s' goes on after what it gave was transferred", (memory) => {
  const writer = createFrameWriter({ memory });
  for (let round = 0; round < 3; round++) {
    line().encodeInto(writer, bytes(`round ${round}`));
    const taken = writer.take();
    const moved = structuredClone(taken, { transfer: [taken.buffer] });
    expect([taken.length, text(moved)]).toEqual([0, `round ${round}\n`]);
    writer.release();
  }
});

test("with memory 'owned', transferring one batch takes nothing from the next, which is under way", () => {
  const writer = createFrameWriter();
  line().encodeInto(writer, bytes('one'));
  const taken = writer.take();
  line().encodeInto(writer, bytes('two'));
  structuredClone(taken, { transfer: [taken.buffer] });
  line().encodeInto(writer, bytes('three'));
  expect(text(writer.take())).toBe('two\nthree\n');
});

test('frames that were transferred before they were taken are a TypeError once, and the writer goes on', () => {
  for (const use of [(writer: FrameWriter) => writer.take(), (writer: FrameWriter) => writer.reserve(1)]) {
    const writer = createFrameWriter({ memory: 'reused' });
    line().encodeInto(writer, bytes('lost'));
    structuredClone(writer.bytes, { transfer: [writer.bytes.buffer] });
    expect(() => use(writer)).toThrow(new TypeError('the memory of a frame writer was transferred with 5 bytes in it that were not taken'));
    line().encodeInto(writer, bytes('next'));
    expect(text(writer.take())).toBe('next\n');
  }
});

test('keeps the frames before a refused payload, and nothing of the payload', () => {
  const writer = createFrameWriter();
  const codec = line({ maxPayloadBytes: 4 });
  codec.encodeInto(writer, bytes('ok'));
  frameErrorOf(() => codec.encodeInto(writer, bytes('too long')));
  codec.encodeInto(writer, bytes('ok2'));
  expect(text(writer.take())).toBe('ok\nok2\n');
});

test("with memory 'reused', what was taken is good until the next frame, which is written over it", () => {
  const writer = createFrameWriter({ memory: 'reused' });
  line().encodeInto(writer, bytes('one'));
  const first = writer.take();
  expect([text(first), writer.length, writer.take().length, text(first)]).toEqual(['one\n', 0, 0, 'one\n']);
  line().encodeInto(writer, bytes('two'));
  const second = writer.take();
  expect([text(second), second.buffer, second.byteOffset, text(first)]).toEqual(['two\n', first.buffer, 0, 'two\n']);
});

test("with memory 'reused', many batches cost one slab", () => {
  const writer = createFrameWriter({ slabBytes: 1024, memory: 'reused' });
  const memories = new Set<ArrayBuffer>();
  for (let round = 0; round < 100; round++) {
    const payloads = Array.from({ length: 1 + (round % 9) }, (_, index) => pattern(index * 10));
    for (const payload of payloads) line().encodeInto(writer, payload);
    const batch = writer.take();
    expect(decodeAll(line(), [batch]).map(toHex)).toEqual(payloads.map(toHex));
    memories.add(batch.buffer);
  }
  expect(memories.size).toBe(1);
});

test('release() leaves what was taken to its holder, and keeps what was not taken', () => {
  const writer = createFrameWriter({ memory: 'reused' });
  line().encodeInto(writer, bytes('one'));
  const first = writer.take();
  writer.release();
  line().encodeInto(writer, bytes('two'));
  const second = writer.take();
  line().encodeInto(writer, bytes('three'));
  writer.release();
  line().encodeInto(writer, bytes('four'));
  expect([text(first), text(second).startsWith('t'), text(writer.take())]).toEqual(['one\n', true, 'three\nfour\n']);
  expect(writer.length).toBe(0);
  writer.release();
  expect(writer.take()).toHaveLength(0);
});

test("release() changes nothing where memory is 'owned'", () => {
  const writer = createFrameWriter();
  line().encodeInto(writer, bytes('one'));
  const first = writer.take();
  writer.release();
  line().encodeInto(writer, bytes('two'));
  const second = writer.take();
  line().encodeInto(writer, bytes('three'));
  writer.release();
  expect([text(first), text(second), text(writer.take())]).toEqual(['one\n', 'two\n', 'three\n']);
});

test("with memory 'reused' too, a slab that grew for one batch is not kept", () => {
  const writer = createFrameWriter({ slabBytes: 64, memory: 'reused' });
  const codec = lengthPrefixed({ length: u32be });
  codec.encodeInto(writer, pattern(10_000));
  const large = writer.take();
  codec.encodeInto(writer, pattern(10));
  const small = writer.take();
  expect(small.buffer.byteLength).toBe(80);
  expect(decodeAll(codec, [large, small]).map(toHex)).toEqual([toHex(pattern(10_000)), toHex(pattern(10))]);
});

test('a socket that took everything at once leaves the memory free; one that did not keeps it after release()', async () => {
  await using pair = await socketPair();
  const writer = createFrameWriter({ slabBytes: 65_536, memory: 'reused' });
  const codec = lengthPrefixed({ length: u32be });
  let waited = 0;
  const total = 400;
  for (let index = 0; index < total; index++) {
    codec.encodeInto(writer, new Uint8Array(50_000).fill(index));
    pair.client.write(writer.take());
    if (pair.client.writableLength > 0) {
      writer.release();
      waited++;
    }
  }
  pair.client.end();
  const firsts: number[] = [];
  for await (const payload of decode(codec, pair.server as AsyncIterable<Uint8Array>)) {
    if (payload.length !== 50_000 || payload.some((byte) => byte !== payload[0])) expect.fail(`frame ${firsts.length} was written over`);
    firsts.push(payload[0]!);
  }
  expect(firsts).toEqual(Array.from({ length: total }, (_, index) => index & 0xff));
  // The peer reads nothing before all was written: far more than the system holds for it.
  expect(waited).toBeGreaterThan(total / 2);
});

test('throws a RangeError when memory is neither owned nor reused', () => {
  expect(() => createFrameWriter({ memory: 'shared' as never })).toThrow(new RangeError('memory is "shared"; allowed: owned, reused'));
});
