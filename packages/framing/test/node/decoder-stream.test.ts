import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { lengthPrefixed, line, u16be } from '../../src/index.ts';
import { decoderStream } from '../../src/node.ts';
import { drip, sticky } from '../../src/testing.ts';
import { turns } from '../streams/turns.ts';
import { bytes, text } from '../support/bytes.ts';
import { naive, NaiveDecoder } from '../support/naive-codec.ts';
import { unended } from '../support/unended-codec.ts';
import type { Bytes, Codec } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be, maxPayloadBytes: 100 });
const wireOf = (...payloads: readonly string[]): Bytes => sticky(payloads.map((payload) => u16.encode(bytes(payload))));
const many = Array.from({ length: 1000 }, (_, index) => `${index}`);

/** Counts what decoders of `u16` were asked for. */
function counting(): { codec: Codec; taken: number } {
  const counted = { codec: u16 as Codec, taken: 0 };
  counted.codec = {
    name: u16.name,
    maxPayloadBytes: u16.maxPayloadBytes,
    createDecoder: (options) => {
      const decoder = u16.createDecoder(options);
      const next = decoder.next.bind(decoder);
      decoder.next = () => {
        counted.taken++;
        return next();
      };
      return decoder;
    },
    encode: (payload) => u16.encode(payload),
    encodeInto: (writer, payload) => u16.encodeInto(writer, payload),
  };
  return counted;
}

test('stops inside a chunk while nobody reads, and goes on as payloads are read', async () => {
  const counted = counting();
  const stream = decoderStream(counted.codec);
  let isWritten = false;
  stream.write(wireOf(...many), () => {
    isWritten = true;
  });
  await turns(2);
  expect([counted.taken, stream.readableLength, isWritten]).toEqual([16, 16, false]);
  expect(text(stream.read() as Bytes)).toBe('0');
  await turns(2);
  expect(counted.taken).toBeLessThan(20);
  const seen: string[] = [];
  stream.end();
  for await (const payload of stream as AsyncIterable<Bytes>) seen.push(text(payload));
  expect(seen).toEqual(many.slice(1));
  expect(isWritten).toBe(true);
});

test('reads as many frames ahead as it is told', async () => {
  for (const readAheadFrames of [1, 50]) {
    const counted = counting();
    const stream = decoderStream(counted.codec, { readAheadFrames });
    stream.write(wireOf(...many));
    await turns(1);
    expect([counted.taken, stream.readableLength]).toEqual([readAheadFrames, readAheadFrames]);
    stream.destroy();
  }
  for (const readAheadFrames of [0, -1, 1.5, Number.NaN]) {
    expect(() => decoderStream(u16, { readAheadFrames })).toThrow(
      new RangeError(`readAheadFrames is ${readAheadFrames}; allowed: whole numbers from 1`),
    );
  }
});

test("stops delivering when a 'data' listener pauses or destroys", async () => {
  const paused = decoderStream(u16, { readAheadFrames: 4 });
  const seen: string[] = [];
  paused.on('data', (payload: Bytes) => {
    seen.push(text(payload));
    if (seen.length % 3 === 0) paused.pause();
  });
  paused.write(wireOf(...many.slice(0, 10)));
  await turns(1);
  expect(seen).toEqual(['0', '1', '2']);
  for (let round = 2; round <= 4; round++) {
    paused.resume();
    await turns(1);
    expect(seen.length).toBe(Math.min(round * 3, 10));
  }

  const destroyed = decoderStream(u16);
  const before: string[] = [];
  destroyed.on('data', (payload: Bytes) => {
    before.push(text(payload));
    destroyed.destroy();
  });
  destroyed.write(wireOf(...many));
  await once(destroyed, 'close');
  expect(before).toEqual(['0']);
});

test('a slow consumer in a pipeline gets every frame by itself', async () => {
  const seen: string[] = [];
  const slow = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write(payload: Bytes, _encoding, callback) {
      seen.push(text(payload));
      setImmediate(callback);
    },
  });
  await pipeline(Readable.from([wireOf(...many), ...drip(wireOf('the', 'end'))], { objectMode: false }), decoderStream(u16), slow);
  expect(seen).toEqual([...many, 'the', 'end']);
});

test.each([
  ['FRAME_ERR_TOO_LARGE', sticky([wireOf(...many), Uint8Array.of(0xff, 0xff)])],
  ['FRAME_ERR_TRUNCATED', sticky([wireOf(...many), Uint8Array.of(0, 5, 1)])],
])('%s destroys the stream once the frames before it were read, however slowly', async (code, wire) => {
  for (const readAheadFrames of [1, 16, 5000]) {
    const stream = decoderStream(u16, { readAheadFrames });
    stream.end(wire);
    const seen: string[] = [];
    const read = (async () => {
      for await (const payload of stream as AsyncIterable<Bytes>) {
        seen.push(text(payload));
        if (seen.length % 100 === 0) await new Promise(setImmediate);
      }
    })();
    await expect(read).rejects.toMatchObject({ code });
    expect(seen).toEqual(many);
    expect(stream.destroyed).toBe(true);
  }
});

test("an error is an 'error' event, never thrown by write()", async () => {
  const stream = decoderStream(line({ maxPayloadBytes: 2 })).resume();
  stream.write(bytes('too long\n'));
  expect(await once(stream, 'error')).toMatchObject([{ code: 'FRAME_ERR_TOO_LARGE' }]);
});

test('a frame that the end of the stream ends is delivered', async () => {
  const stream = decoderStream(unended);
  stream.end(sticky([wireOf('one'), bytes('\0\trest')]));
  expect(((await stream.toArray()) as Bytes[]).map(text)).toEqual(['one', '\0\trest']);
});

test('a payload that decodes to null is an error: to a stream it would be the end', async () => {
  class NullDecoder extends NaiveDecoder {
    override next(): Bytes | undefined {
      return super.next() === undefined ? undefined : (null as unknown as Bytes);
    }
  }
  const stream = decoderStream(naive(NullDecoder)).resume();
  stream.write(wireOf('null'));
  expect(await once(stream, 'error')).toMatchObject([{ code: 'FRAME_ERR_PAYLOAD' }]);
});

test("options reach the decoder: payload 'view' copies nothing", async () => {
  const chunk = wireOf('one, in a chunk that is not tiny', 'two');
  for (const payload of ['view', 'copy'] as const) {
    const stream = decoderStream(u16, { payload });
    stream.end(chunk);
    const payloads = (await stream.toArray()) as Bytes[];
    expect(payloads.map(({ buffer }) => buffer === chunk.buffer)).toEqual(Array(2).fill(payload === 'view'));
  }
});
