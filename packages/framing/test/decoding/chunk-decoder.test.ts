import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { lengthPrefixed, line, raw, u16be, u32be } from '../../src/index.ts';
import { decodeAll, drip, sticky } from '../../src/testing.ts';
import { bytes, drain, fromHex, pattern, text, toHex } from '../support/bytes.ts';
import { carriesEmpty, framingsOfPayloads, idleBytesOf } from '../support/payloads.ts';
import type { Bytes, BytesIn, Codec, FramingEntry } from '../../src/index.ts';

const CHUNK_BYTES = 65_536;
const u16 = lengthPrefixed({ length: u16be });
const u32 = lengthPrefixed({ length: u32be });

/** A chunk of exactly `byteLength` bytes that starts with `frame`; the rest is the beginning of a frame that is not complete. */
function chunkThatStartsWith(frame: Bytes, byteLength = CHUNK_BYTES): Bytes {
  const chunk = new Uint8Array(byteLength);
  chunk.set(frame);
  chunk.set([0xff, 0xff], frame.length);
  return chunk;
}

function firstOf(codec: Codec, chunk: BytesIn, payload: 'auto' | 'view' | 'copy' = 'auto'): Bytes {
  const decoder = codec.createDecoder({ payload });
  decoder.push(chunk);
  return decoder.next()!;
}

test("payload 'auto' gives views of chunks of up to 64 KiB, and small payloads of larger memory bytes of their own", () => {
  for (const codec of [u16, line()]) {
    for (const [chunkBytes, pinnedBytes] of [
      [CHUNK_BYTES, CHUNK_BYTES],
      [CHUNK_BYTES + 1, 1],
    ] as const) {
      const payload = firstOf(codec, chunkThatStartsWith(codec.encode(bytes('x')), chunkBytes));
      expect([text(payload), payload.buffer.byteLength]).toEqual(['x', pinnedBytes]);
    }
  }
});

test("payload 'auto' copies out of more than 64 KiB exactly when a view would pin more than eight times its size", () => {
  const bound = (CHUNK_BYTES + 8) / 8;
  for (const [byteLength, isView] of [
    [bound - 1, false],
    [bound, true],
    [bound + 1, true],
  ] as const) {
    const chunk = chunkThatStartsWith(u16.encode(pattern(byteLength)), CHUNK_BYTES + 8);
    const payload = firstOf(u16, chunk);
    expect(payload.buffer === chunk.buffer).toBe(isView);
    expect(toHex(payload)).toBe(toHex(pattern(byteLength)));
  }
});

test('a payload that is kept keeps at most 64 KiB alive, or eight times its size, whatever the chunks and its length', () => {
  for (const chunkBytes of [100, 1460, 65_535, 65_536, 65_537, 200_000]) {
    const sent = Array.from({ length: 600 }, (_, index) => pattern(1 + ((index * 379) % 4000)));
    const stream = sticky(sent.map((message) => u16.encode(message)));
    const chunks = Array.from({ length: Math.ceil(stream.length / chunkBytes) }, (_, index) =>
      stream.slice(index * chunkBytes, (index + 1) * chunkBytes),
    );
    for (const { buffer, length } of decodeAll(u16, chunks)) {
      if (buffer.byteLength > Math.max(CHUNK_BYTES, 8 * length)) expect.fail(`${length} bytes keep ${buffer.byteLength} alive`);
    }
  }
});

test("payload 'view' copies nothing, 'copy' always", () => {
  const chunk = sticky([bytes('small\n'), pattern(5000), bytes('\n'), bytes('\n')]);
  expect(decodeAll(line(), [chunk], { payload: 'view' }).every((payload) => payload.buffer === chunk.buffer)).toBe(true);
  for (const payload of decodeAll(line(), [chunk], { payload: 'copy' })) expect(payload.buffer.byteLength).toBe(payload.length);
});

test('a chunk that is a part of larger memory is measured by that memory', () => {
  const memory = new Uint8Array(CHUNK_BYTES + 1);
  memory.set(u16.encode(bytes('out of a larger pool')), 100);
  const payload = firstOf(u16, memory.subarray(100, 122));
  expect([text(payload), payload.buffer.byteLength]).toEqual(['out of a larger pool', 20]);
});

test.each(['auto', 'view', 'copy'] as const)('Buffer chunks give plain Uint8Array payloads (%s), out of the pool as well', (payload) => {
  const frames = Buffer.from(sticky([u16.encode(bytes('hello')), u16.encode(bytes('alex'))]));
  const outOfPool = Buffer.from([...frames]);
  expect(outOfPool.byteOffset + outOfPool.buffer.byteLength).toBeGreaterThan(outOfPool.length);
  for (const chunk of [frames, outOfPool, Buffer.concat([frames]), frames.subarray(0)]) {
    for (const chunks of [[chunk], [chunk.subarray(0, 5), chunk.subarray(5)], [chunk.subarray(0, 1), chunk.subarray(1)]]) {
      const payloads = decodeAll(u16, chunks, { payload });
      expect(payloads.map(text)).toEqual(['hello', 'alex']);
      for (const seen of payloads) expect(Object.getPrototypeOf(seen)).toBe(Uint8Array.prototype);
    }
  }
});

test.each(['auto', 'view', 'copy'] as const)('shared memory is always copied (%s)', (payload) => {
  const frames = sticky([u16.encode(pattern(5000)), u16.encode(bytes('alex')), u16.encode(bytes(''))]);
  const shared = new Uint8Array(new SharedArrayBuffer(frames.length));
  shared.set(frames);
  for (const chunks of [[shared], [shared.subarray(0, 1), shared.subarray(1, 4000), shared.subarray(4000)]]) {
    const payloads = decodeAll(u16, chunks, { payload });
    expect(payloads.map(toHex)).toEqual([toHex(pattern(5000)), toHex(bytes('alex')), '']);
    for (const seen of payloads) expect(seen.buffer).toBeInstanceOf(ArrayBuffer);
  }
});

test.each(framingsOfPayloads)(
  "$name: a caller may reuse the chunk's memory after next() returned undefined, with payload 'copy'",
  (entry) => {
    const codec = entry.create();
    const sent = ['one', '', 'hello', 'three'].map(bytes).filter(({ length }) => length > 0 || carriesEmpty(entry));
    const stream = sticky(sent.map((payload) => codec.encode(payload)));
    const memory = new Uint8Array(4);
    const decoder = codec.createDecoder({ payload: 'copy' });
    const payloads: Bytes[] = [];
    for (let at = 0; at < stream.length; at += memory.length) {
      const chunk = memory.subarray(0, Math.min(memory.length, stream.length - at));
      chunk.set(stream.subarray(at, at + chunk.length));
      decoder.push(chunk);
      payloads.push(...drain(decoder));
      memory.fill(0xee);
    }
    decoder.end();
    expect(toHex(sticky(payloads))).toBe(toHex(sticky(sent)));
  },
);

test.each(framingsOfPayloads)('$name: a payload that crossed chunks has memory of its own, and never changes again', ({ create }) => {
  const codec = create();
  const stream = sticky(Array.from({ length: 20 }, (_, index) => codec.encode(pattern(index + 1))));
  const decoder = codec.createDecoder();
  const seen: [Bytes, string][] = [];
  for (const chunk of drip(stream)) {
    decoder.push(chunk);
    for (const payload of drain(decoder)) seen.push([payload, toHex(payload)]);
    chunk.fill(0);
  }
  for (const [payload, hex] of seen.slice(1)) expect(toHex(payload)).toBe(hex);
});

test.each(framingsOfPayloads)('$name: a decoder that waits for more holds no chunk alive', async ({ create }) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const codec = create();
  const decoders = [codec.createDecoder(), codec.createDecoder()];
  const chunks = decoders.map((decoder, index) => {
    const chunk = sticky([codec.encode(pattern(200)), codec.encode(pattern(250)).subarray(0, index * 100)]);
    decoder.push(chunk);
    drain(decoder);
    return new WeakRef(chunk.buffer);
  });
  // A WeakRef holds its target until the current job ends.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(chunks.map((chunk) => chunk.deref())).toEqual([undefined, undefined]);
  expect(decoders[0]?.bufferedBytes).toBe(0);
});

test.each(framingsOfPayloads)('$name: between frames a decoder holds no memory of payloads that chunks cut', async ({ create }) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const codec = create();
  const wire = sticky(Array.from({ length: 20 }, () => codec.encode(pattern(200))));
  const decoder = codec.createDecoder();
  // Several frames a chunk: only where a chunk goes on after a cut payload do payloads lie side by side.
  const memories = Array.from({ length: Math.ceil(wire.length / 450) }, (_, index) => {
    decoder.push(wire.slice(index * 450, (index + 1) * 450));
    return drain(decoder).map(({ buffer }) => new WeakRef(buffer));
  }).flat();
  expect([memories.length > 5, decoder.bufferedBytes]).toEqual([true, 0]);
  // A WeakRef holds its target until the current job ends.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(memories.filter((memory) => memory.deref() !== undefined)).toEqual([]);
  // Alive until here.
  decoder.end();
});

test('an empty chunk changes nothing, and pins nothing', () => {
  const decoder = u32.createDecoder();
  for (const chunk of ['', '00 00', '', '00 02', '', '68', '', '69 00', '']) decoder.push(fromHex(chunk));
  expect(drain(decoder).map(text)).toEqual(['hi']);
  expect([decoder.bufferedBytes, decoder.neededBytes]).toEqual([1, 3]);
});

test.each(framingsOfPayloads)('$name: chunks pushed ahead of next() come out as pushed one by one', ({ create, keepsBoundaries }) => {
  const codec = create();
  const expected = Array.from({ length: 40 }, (_, index) => pattern(1 + (index % 11)));
  const chunks = drip(sticky(expected.map((payload) => codec.encode(payload))));
  for (const pushedAhead of [2, 3, 7, chunks.length]) {
    const decoder = codec.createDecoder();
    const payloads: Bytes[] = [];
    for (const [index, chunk] of chunks.entries()) {
      decoder.push(chunk);
      if (index % pushedAhead === 0) payloads.push(...drain(decoder));
      // One frame at a time as well: the unread rest stays in the backlog.
      else if (index % 5 === 0) payloads.push(...[decoder.next()].filter((payload) => payload !== undefined));
    }
    payloads.push(...drain(decoder));
    decoder.end();
    if (keepsBoundaries) expect(payloads.map(toHex)).toEqual(expected.map(toHex));
    expect(toHex(sticky(payloads))).toBe(toHex(sticky(expected)));
  }
});

test('pushing ahead keeps no chunk and copies each byte a bounded number of times', () => {
  const decoder = raw({ maxPayloadBytes: Number.MAX_SAFE_INTEGER }).createDecoder({ payload: 'view' });
  const total = 50_000;
  const chunk = new Uint8Array(1);
  const allocated: number[] = [];
  const Original = Uint8Array;
  globalThis.Uint8Array = new Proxy(Original, {
    construct(target, parameters: [number]) {
      if (typeof parameters[0] === 'number') allocated.push(parameters[0]);
      return Reflect.construct(target, parameters, target) as object;
    },
  });
  try {
    for (let at = 0; at < total; at++) {
      chunk[0] = at;
      decoder.push(chunk);
    }
  } finally {
    globalThis.Uint8Array = Original;
  }
  expect(allocated.length).toBeLessThanOrEqual(20);
  expect(allocated.reduce((sum, byteLength) => sum + byteLength, 0)).toBeLessThanOrEqual(4 * total);
  const payload = decoder.next()!;
  expect([payload.length, payload[1], payload[total - 1]]).toEqual([total, 1, (total - 1) & 0xff]);
});

function detachEverywhere(entry: FramingEntry, chunksOf: (part: Bytes) => readonly Bytes[]): void {
  const codec = entry.create();
  const mostIdle = idleBytesOf(entry);
  const frames = ['one', '', 'three\r!', 'four'].map(bytes).filter(({ length }) => length > 0 || carriesEmpty(entry));
  const wire = sticky(frames.map((payload) => codec.encode(payload)));
  const sizes = frames.map((payload) => codec.encode(payload).length);
  for (let at = 0; at <= wire.length; at++) {
    for (let taken = 0; taken <= frames.length; taken++) {
      const decoder = codec.createDecoder();
      for (const chunk of chunksOf(wire.subarray(0, at))) decoder.push(chunk);
      let read = 0;
      // The call that returns undefined moves bytes into owned memory: `detach` must find them there.
      for (let index = 0; index < taken && decoder.next() !== undefined; index++) read += sizes[index]!;
      // What is idle before a frame is not held.
      const idleBytes = at - read - decoder.bufferedBytes;
      expect(at > read ? [0, mostIdle] : [0]).toContain(idleBytes);
      expect(toHex(decoder.detach())).toBe(toHex(wire.subarray(read + idleBytes, at)));
      expect([decoder.bufferedBytes, decoder.detach().length]).toEqual([0, 0]);
      decoder.push(codec.encode(bytes('again')));
      expect(drain(decoder).map(text)).toEqual(['again']);
      decoder.end();
    }
  }
}

test.each(framingsOfPayloads.filter(({ keepsBoundaries }) => keepsBoundaries))(
  '$name: detach() returns exactly the unread bytes in every state, and the decoder starts anew',
  (entry) => {
    detachEverywhere(entry, (part) => [part]);
    detachEverywhere(entry, drip);
  },
);

test('raw: detach() returns what was not taken', () => {
  const decoder = raw({ maxPayloadBytes: 2 }).createDecoder();
  decoder.push(bytes('hello'));
  expect(text(decoder.next()!)).toBe('he');
  expect(text(decoder.detach())).toBe('llo');
  decoder.end();
});

test('detached bytes are the caller’s: later chunks do not change them', () => {
  const decoder = u32.createDecoder();
  decoder.push(fromHex('00 00'));
  decoder.next();
  const detached = decoder.detach();
  decoder.push(fromHex('ff ff'));
  expect(toHex(detached)).toBe('00 00');
});
