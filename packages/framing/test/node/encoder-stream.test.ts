import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { frame, lengthPrefixed, raw, u16be, u8, xor } from '../../src/index.ts';
import { decoderStream, encoderStream } from '../../src/node.ts';
import { sticky } from '../../src/testing.ts';
import { turns } from '../streams/turns.ts';
import { bytes, pattern, text, toHex } from '../support/bytes.ts';
import type { Bytes, BytesIn } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be });
const wireOf = (...payloads: readonly Bytes[]): Bytes => sticky(payloads.map((payload) => u16.encode(payload)));

/** The `update` of a checksum that refuses payloads of one kind. */
function refusing(state: number, payload: BytesIn, start: number): number {
  if (payload[start] === 0x62) throw new Error('no checksum of b');
  return state;
}

test('payloads of one turn leave as one chunk, those of the next as another', async () => {
  const stream = encoderStream(u16);
  const chunks: string[] = [];
  stream.on('data', (chunk: Uint8Array) => chunks.push(toHex(chunk)));
  for (const payload of ['one', '', 'two']) stream.write(bytes(payload));
  await turns(1);
  stream.write(bytes('three'));
  stream.end(bytes('four'));
  await once(stream, 'end');
  expect(chunks).toEqual([toHex(wireOf(bytes('one'), bytes(''), bytes('two'))), toHex(wireOf(bytes('three'), bytes('four')))]);
});

test('holds a bounded number of bytes while nobody reads, and loses none', async () => {
  const payload = pattern(1000);
  const stream = encoderStream(u16);
  let accepted = 0;
  while (accepted < 10_000 && stream.write(payload)) {
    accepted++;
    if (accepted % 10 === 0) await new Promise(setImmediate);
  }
  expect(accepted).toBeLessThan(200);
  expect(stream.readableLength).toBeLessThan(stream.readableHighWaterMark + 2 * 16_384);
  stream.end();
  const received = sticky((await stream.toArray()) as Bytes[]);
  expect(toHex(received)).toBe(toHex(wireOf(...Array.from({ length: accepted + 1 }, () => payload))));
});

test('a turn that writes much leaves in chunks of about 16 KiB', async () => {
  const sizes: number[] = [];
  const stream = encoderStream(u16).on('data', (chunk: Uint8Array) => sizes.push(chunk.length));
  for (let index = 0; index < 100; index++) stream.write(pattern(1000));
  stream.end();
  await once(stream, 'end');
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100 * 1002);
  expect(Math.max(...sizes)).toBeLessThan(16_384 + 1002);
});

test('a large payload leaves whole', async () => {
  const payloads = [pattern(60_000), bytes('small'), pattern(40_000)];
  const stream = Readable.from(payloads).pipe(encoderStream(u16));
  expect(toHex(sticky((await stream.toArray()) as Bytes[]))).toBe(toHex(wireOf(...payloads)));
});

test('a refused payload destroys the stream once the frames before it were read', async () => {
  const stream = encoderStream(lengthPrefixed({ length: u16be, maxPayloadBytes: 3 }));
  stream.write(bytes('one'));
  stream.write(bytes('two'));
  stream.write(bytes('three'));
  const seen: Bytes[] = [];
  const read = (async () => {
    for await (const chunk of stream as AsyncIterable<Bytes>) seen.push(chunk);
  })();
  await expect(read).rejects.toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
  expect(toHex(sticky(seen))).toBe(toHex(wireOf(bytes('one'), bytes('two'))));
});

test('frames without a byte are none', async () => {
  const stream = encoderStream(raw());
  stream.write(bytes(''));
  stream.end(bytes('x'));
  expect(((await stream.toArray()) as Bytes[]).map(text)).toEqual(['x']);
});

test('what the encoder makes, the decoder reads', async () => {
  const payloads = Array.from({ length: 3000 }, (_, index) => pattern(index % 700));
  const seen: string[] = [];
  await pipeline(Readable.from(payloads), encoderStream(u16), decoderStream(u16), async (stream: AsyncIterable<Bytes>) => {
    for await (const payload of stream) seen.push(toHex(payload));
  });
  expect(seen).toEqual(payloads.map(toHex));
});

test('a codec that throws in the middle of a frame leaves nothing of it to the reader', async () => {
  const codec = frame({ header: { length: u8 }, trailer: { ...xor(), update: refusing } });
  const stream = encoderStream(codec);
  const chunks: Bytes[] = [];
  stream.on('data', (chunk: Bytes) => chunks.push(chunk));
  for (const payload of ['a', 'a', 'b']) stream.write(bytes(payload));
  await expect(once(stream, 'end')).rejects.toThrow('no checksum of b');
  expect(toHex(sticky(chunks))).toBe('01 61 00 01 61 00');
});
