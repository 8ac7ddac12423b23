import { expect, test } from 'vitest';
import { decode, decodeBatches, encode, encodeBatches, lengthPrefixed, line, u16be } from '../../src/index.ts';
import { sticky } from '../../src/testing.ts';
import { bytes, text, toHex } from '../support/bytes.ts';
import { unended } from '../support/unended-codec.ts';
import type { Bytes, BytesIn } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be, maxPayloadBytes: 100 });

/** A source that tells what was taken of it, and whether it was closed. */
function source<Item>(items: readonly Item[]): { taken: number; closed: number; sync(): Generator<Item>; async(): AsyncGenerator<Item> } {
  return {
    taken: 0,
    closed: 0,
    *sync() {
      try {
        for (const item of items) {
          this.taken++;
          yield item;
        }
      } finally {
        this.closed++;
      }
    },
    async *async() {
      yield* this.sync();
    },
  };
}

async function collect<Item>(items: Iterable<Item> | AsyncIterable<Item>): Promise<{ seen: Item[]; error: unknown }> {
  const seen: Item[] = [];
  try {
    for await (const item of items) seen.push(item);
    return { seen, error: undefined };
  } catch (error) {
    return { seen, error };
  }
}

const wireOf = (...payloads: readonly string[]): Bytes => sticky(payloads.map((payload) => u16.encode(bytes(payload))));

test('decode and decodeBatches take chunks, or lists of chunks that arrived together', async () => {
  const wire = wireOf('one', '', 'three', 'four');
  const steps: readonly (BytesIn | readonly BytesIn[])[] = [
    wire.subarray(0, 3),
    [wire.subarray(3, 6), Buffer.from(wire.subarray(6, 10)), wire.subarray(10, 14)],
    [],
    wire.subarray(14),
  ];
  expect([...decode(u16, steps)].map(text)).toEqual(['one', '', 'three', 'four']);
  expect((await collect(decode(u16, source(steps).async()))).seen.map(text)).toEqual(['one', '', 'three', 'four']);
  const batches = [['one', '', 'three'], ['four']];
  expect([...decodeBatches(u16, steps)].map((batch) => batch.map(text))).toEqual(batches);
  expect((await collect(decodeBatches(u16, source(steps).async()))).seen.map((batch) => batch.map(text))).toEqual(batches);
});

test('nothing comes of nothing, and no batch is empty', async () => {
  expect([...decode(u16, [])]).toEqual([]);
  expect([...decodeBatches(u16, [new Uint8Array(0), [], u16.encode(bytes('x')).subarray(0, 2), bytes('x')])].length).toBe(1);
  expect([...encode(u16, [])]).toEqual([]);
  expect([...encodeBatches(u16, [[], []])]).toEqual([]);
});

test('a chunk is taken only when its payloads are asked for, and a loop that is left early closes the source', async () => {
  const chunks = ['a', 'b', 'c'].map((payload) => wireOf(payload, payload));
  const sync = source(chunks);
  for (const payload of decode(u16, sync.sync())) {
    expect(text(payload)).toBe('a');
    break;
  }
  expect([sync.taken, sync.closed]).toEqual([1, 1]);
  const async = source(chunks);
  for await (const payload of decode(u16, async.async())) {
    expect(text(payload)).toBe('a');
    break;
  }
  expect([async.taken, async.closed]).toEqual([1, 1]);
  const batched = source(chunks);
  for await (const batch of decodeBatches(u16, batched.async())) {
    expect(batch.map(text)).toEqual(['a', 'a']);
    break;
  }
  expect([batched.taken, batched.closed]).toEqual([1, 1]);
});

test.each([
  ['FRAME_ERR_TOO_LARGE', sticky([wireOf('one', 'two'), Uint8Array.of(0xff, 0xff)])],
  ['FRAME_ERR_TRUNCATED', sticky([wireOf('one', 'two'), Uint8Array.of(0, 5, 1)])],
])('payloads before %s come first, the source is closed', async (code, wire) => {
  for (const kind of ['sync', 'async'] as const) {
    const chunks = source([wire]);
    const { seen, error } = await collect(decode(u16, chunks[kind]() as AsyncIterable<Bytes>));
    expect([seen.map(text), chunks.closed]).toEqual([['one', 'two'], 1]);
    expect(error).toMatchObject({ code });
    const batches = await collect(decodeBatches(u16, source([wire])[kind]() as AsyncIterable<Bytes>));
    expect(batches.seen.map((batch) => batch.map(text))).toEqual([['one', 'two']]);
    expect(batches.error).toMatchObject({ code });
  }
});

async function* failing(): AsyncGenerator<Bytes> {
  yield wireOf('one');
  throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
}

test('the error of a source comes through', async () => {
  const { seen, error } = await collect(decode(u16, failing()));
  expect(seen.map(text)).toEqual(['one']);
  expect(error).toMatchObject({ code: 'ECONNRESET' });
});

test('a frame that the end of the stream ends is delivered', async () => {
  const chunks = [sticky([wireOf('one'), Uint8Array.of(0, 9), bytes('rest')])];
  const expected = ['one', '\0\trest'];
  expect([...decode(unended, chunks)].map(text)).toEqual(expected);
  expect((await collect(decode(unended, source(chunks).async()))).seen.map(text)).toEqual(expected);
  expect([...decodeBatches(unended, chunks)].map((batch) => batch.map(text))).toEqual([['one'], ['\0\trest']]);
});

test('what is no bytes is a TypeError, not silence', async () => {
  for (const chunk of ['text', 1, null, {}, new Uint16Array(2), new DataView(new ArrayBuffer(2))] as unknown as readonly Bytes[]) {
    expect(() => [...decode(line(), [chunk])]).toThrow(/^a chunk must be a Uint8Array, received /);
    expect((await collect(decodeBatches(line(), source([chunk]).async()))).error).toBeInstanceOf(TypeError);
  }
  expect(() => [...decode(line(), bytes('a chunk, not a list of them\n') as unknown as readonly Bytes[])]).toThrow(
    'chunks must come in an iterable or an async iterable, received a Uint8Array',
  );
});

test("options reach the decoder: payload 'copy' lets the memory of chunks be reused", () => {
  const memory = new Uint8Array(5);
  const reused = function* (): Generator<Bytes> {
    for (const payload of ['one', 'two']) {
      memory.set(u16.encode(bytes(payload)));
      yield memory;
    }
  };
  expect([...decode(u16, reused(), { payload: 'copy' })].map(text)).toEqual(['one', 'two']);
  expect([...decodeBatches(u16, reused(), { payload: 'copy' })].flat().map(text)).toEqual(['one', 'two']);
});

test('encode makes a frame of each payload, encodeBatches one buffer of each array, as decodeBatches gives them', async () => {
  const payloads = ['one', '', 'three'].map(bytes);
  const frames = payloads.map((payload) => toHex(u16.encode(payload)));
  expect([...encode(u16, payloads)].map(toHex)).toEqual(frames);
  expect((await collect(encode(u16, source(payloads).async()))).seen.map(toHex)).toEqual(frames);
  const slabs = [...encodeBatches(u16, [payloads, [], payloads.slice(1)])];
  expect(slabs.map(toHex)).toEqual([toHex(wireOf('one', '', 'three')), toHex(wireOf('', 'three'))]);
  const again = encodeBatches(u16, decodeBatches(u16, source(slabs).async()));
  expect((await collect(again)).seen.map(toHex)).toEqual(slabs.map(toHex));
});

test('a refused payload throws after the frames before it; of its array nothing comes out', async () => {
  const payloads = [bytes('one'), new Uint8Array(101)];
  const single = await collect(encode(u16, payloads));
  expect([single.seen.length, single.error]).toMatchObject([1, { code: 'FRAME_ERR_TOO_LARGE' }]);
  const opened = source([[bytes('zero')], payloads]);
  const batches = await collect(encodeBatches(u16, opened.async()));
  expect([batches.seen.map(toHex), opened.closed]).toEqual([[toHex(wireOf('zero'))], 1]);
  expect(batches.error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
});
