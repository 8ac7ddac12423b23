import { expect, test } from 'vitest';
import { lengthPrefixed, line, u16be } from '../src/index.ts';
import { sticky } from '../src/testing.ts';
import { frameDecoderStream, frameEncoderStream } from '../src/web.ts';
import { isPending, turns } from './streams/turns.ts';
import { bytes, text, toHex } from './support/bytes.ts';
import { unended } from './support/unended-codec.ts';
import type { Bytes } from '../src/index.ts';

const u16 = lengthPrefixed({ length: u16be, maxPayloadBytes: 100 });
const wireOf = (...payloads: readonly string[]): Bytes => sticky(payloads.map((payload) => u16.encode(bytes(payload))));

test('payloads come one by one, empty ones among them, then the end', async () => {
  const { readable, writable } = frameDecoderStream(u16);
  const writer = writable.getWriter();
  void writer.write(wireOf('one', '', 'three'));
  void writer.write([wireOf('four').subarray(0, 3), wireOf('four').subarray(3)]);
  const closed = writer.close();
  const seen: string[] = [];
  for await (const payload of readable) seen.push(text(payload));
  expect(seen).toEqual(['one', '', 'three', 'four']);
  await closed;
});

test('nothing is decoded before it is asked for, and a write is done once its payloads were taken', async () => {
  const { readable, writable } = frameDecoderStream(u16);
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const written = writer.write(wireOf('one', 'two'));
  await turns(2);
  expect([await isPending(written), writer.desiredSize]).toEqual([true, 0]);
  expect(text((await reader.read()).value!)).toBe('one');
  await turns(2);
  expect(await isPending(written)).toBe(true);
  expect(text((await reader.read()).value!)).toBe('two');
  const next = reader.read();
  await written;
  void writer.write(wireOf('three'));
  expect(text((await next).value!)).toBe('three');
  const end = reader.read();
  await writer.close();
  expect(await end).toEqual({ done: true, value: undefined });
});

test('several reads that wait are answered in order', async () => {
  const { readable, writable } = frameDecoderStream(u16);
  const reader = readable.getReader();
  const reads = [reader.read(), reader.read(), reader.read()];
  const writer = writable.getWriter();
  await writer.write(wireOf('one', 'two'));
  await writer.close();
  expect((await Promise.all(reads)).map(({ value }) => value && text(value))).toEqual(['one', 'two', undefined]);
});

test('a stream that is closed at once is empty, and one that nobody reads can be closed', async () => {
  const { readable, writable } = frameDecoderStream(u16);
  await writable.close();
  const reader = readable.getReader();
  await reader.closed;
  expect(await reader.read()).toEqual({ done: true, value: undefined });
});

test.each([
  ['FRAME_ERR_TOO_LARGE', sticky([wireOf('one', 'two'), Uint8Array.of(0xff, 0xff)])],
  ['FRAME_ERR_TRUNCATED', sticky([wireOf('one', 'two'), Uint8Array.of(0, 5, 1)])],
])('payloads before %s come first; then both sides fail, and the source is cancelled', async (code, wire) => {
  for (const batch of [false, true]) {
    let cancelled: unknown;
    let chunks = [wire];
    const source = new ReadableStream<Bytes>({
      pull(controller) {
        const [chunk, ...rest] = chunks;
        chunks = rest;
        if (chunk !== undefined) controller.enqueue(chunk);
        else if (code === 'FRAME_ERR_TRUNCATED') controller.close();
      },
      cancel(reason) {
        cancelled = reason;
      },
    });
    const seen: string[] = [];
    const { readable, writable } = batch ? frameDecoderStream(u16, { batch: true }) : frameDecoderStream(u16);
    const piped = source.pipeTo(writable).catch((error: unknown) => error);
    const read = (async () => {
      for await (const item of readable) seen.push(...(Array.isArray(item) ? (item as Bytes[]) : [item as Bytes]).map(text));
    })();
    await expect(read).rejects.toMatchObject({ code });
    expect(seen).toEqual(['one', 'two']);
    expect(await piped).toMatchObject({ code });
    if (code === 'FRAME_ERR_TOO_LARGE') expect(cancelled).toMatchObject({ code });
  }
});

test('batches are what one chunk completed, never empty', async () => {
  const wire = wireOf('one', '', 'three');
  const chunks = ReadableStream.from([wire.subarray(0, 3), wire.subarray(3, 8), wire.subarray(8)]);
  const seen: string[][] = [];
  for await (const batch of chunks.pipeThrough(frameDecoderStream(u16, { batch: true }))) seen.push(batch.map(text));
  expect(seen).toEqual([['one', ''], ['three']]);
});

test('a frame that the end of the stream ends is delivered', async () => {
  const wire = sticky([wireOf('one'), bytes('\0\trest')]);
  const seen: Bytes[] = [];
  for await (const payload of ReadableStream.from([wire]).pipeThrough(frameDecoderStream(unended))) seen.push(payload);
  for await (const batch of ReadableStream.from([wire]).pipeThrough(frameDecoderStream(unended, { batch: true }))) seen.push(...batch);
  expect(seen.map(text)).toEqual(['one', '\0\trest', 'one', '\0\trest']);
});

test('a reader that cancels cancels the source', async () => {
  const cancelled = Promise.withResolvers<unknown>();
  const source = new ReadableStream<Bytes>({
    pull: (controller) => controller.enqueue(wireOf('one', 'two')),
    cancel: (reason) => cancelled.resolve(reason),
  });
  for await (const payload of source.pipeThrough(frameDecoderStream(u16))) {
    expect(text(payload)).toBe('one');
    break;
  }
  await cancelled.promise;
});

test('a writer that aborts ends the reader at once, also while a write waits for it', async () => {
  for (const doesWrite of [false, true]) {
    const { readable, writable } = frameDecoderStream(u16);
    const writer = writable.getWriter();
    if (doesWrite) writer.write(wireOf('one')).catch(() => {});
    const read = doesWrite ? undefined : readable.getReader().read();
    await turns(1);
    const aborted = writer.abort(new Error('gone'));
    await expect(read ?? readable.getReader().read()).rejects.toThrow('gone');
    await aborted;
  }
});

test('what is no bytes fails both sides with a TypeError', async () => {
  const { readable, writable } = frameDecoderStream(line());
  const writer = writable.getWriter();
  const read = readable.getReader().read();
  await expect(writer.write('text' as unknown as Bytes)).rejects.toBeInstanceOf(TypeError);
  await expect(read).rejects.toBeInstanceOf(TypeError);
});

test('the encoder makes a chunk of each payload, or of each array, and what it makes is read back', async () => {
  const payloads = ['one', '', 'three'].map(bytes);
  const frames: string[] = [];
  for await (const frame of ReadableStream.from(payloads).pipeThrough(frameEncoderStream(u16))) frames.push(toHex(frame));
  expect(frames).toEqual(payloads.map((payload) => toHex(u16.encode(payload))));
  const slabs: string[] = [];
  const batches = ReadableStream.from([payloads, [], payloads.slice(2)]);
  for await (const slab of batches.pipeThrough(frameEncoderStream(u16, { batch: true }))) slabs.push(toHex(slab));
  expect(slabs).toEqual([toHex(wireOf('one', '', 'three')), toHex(wireOf('three'))]);
  const back: string[] = [];
  for await (const payload of ReadableStream.from(payloads).pipeThrough(frameEncoderStream(u16)).pipeThrough(frameDecoderStream(u16))) {
    back.push(text(payload));
  }
  expect(back).toEqual(['one', '', 'three']);
});

test('a refused payload fails the encoder after the frames before it', async () => {
  const seen: string[] = [];
  const frames = ReadableStream.from([bytes('one'), new Uint8Array(101)]).pipeThrough(frameEncoderStream(u16));
  const read = (async () => {
    for await (const frame of frames) seen.push(toHex(frame));
  })();
  await expect(read).rejects.toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
  expect(seen).toEqual([toHex(wireOf('one'))]);
});
