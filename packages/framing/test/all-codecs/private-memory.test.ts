/** What is handed out of one connection shares memory with no other: whoever transfers it empties nobody else's. */
import { once } from 'node:events';
import { socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { FRAMINGS, encodeBatches, lengthPrefixed, line, u16be, u32be } from '../../src/index.ts';
import { encoderStream, framed } from '../../src/node.ts';
import { decodeAll, drip, randomSplits, sticky } from '../../src/testing.ts';
import { frameEncoderStream } from '../../src/web.ts';
import { drain, pattern, toHex } from '../support/bytes.ts';
import type { Bytes, Decoder, DecoderOptions, FramingEntry } from '../../src/index.ts';
import type { Socket } from 'node:net';

const u16 = lengthPrefixed({ length: u16be });
const u32 = lengthPrefixed({ length: u32be });

const modes: readonly NonNullable<DecoderOptions['payload']>[] = ['auto', 'view', 'copy'];

/** Ways in which a program gives memory away. */
const TRANSFERS: Readonly<Record<string, (bytes: Bytes) => void>> = {
  structuredClone: (bytes) => void structuredClone(bytes, { transfer: [bytes.buffer] }),
  postMessage: (bytes) => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(bytes, [bytes.buffer]);
    port1.close();
    port2.close();
  },
  'a stream of bytes': (bytes) => void new ReadableStream({ type: 'bytes', start: (controller) => controller.enqueue(bytes) }),
};

/** Frames of many lengths, for slabs of every class; whole ones where the format carries nothing else. */
function framesOf({ create, exampleFrames }: FramingEntry, seed: number): readonly Bytes[] {
  const codec = create();
  const payloads = exampleFrames ?? [1, 70, 90, 200, 240, 120, 16, 250, 100].map((byteLength) => pattern(byteLength).fill(0x61 + seed));
  return [...payloads, ...payloads].map((payload) => codec.encode(payload));
}

/** Two decoders of one framing, which are fed in turns. */
function* inTurns(
  entry: FramingEntry,
  options: DecoderOptions,
): Generator<{ decoder: Decoder; payloads: readonly Bytes[]; first: boolean }> {
  const codec = entry.create();
  const streams = [0, 1].map((seed) => sticky(framesOf(entry, seed)));
  const cuts = streams.map((stream) => [...drip(stream), ...[...randomSplits(stream, { seed: 5, count: 1 })][0]!]);
  const decoders = streams.map(() => codec.createDecoder(options));
  for (let at = 0; at < Math.max(...cuts.map((chunks) => chunks.length)); at++) {
    for (const [index, decoder] of decoders.entries()) {
      const chunk = cuts[index]![at];
      if (chunk === undefined) continue;
      // A copy: chunks of two sockets never lie in one memory.
      decoder.push(chunk.slice());
      yield { decoder, payloads: drain(decoder), first: index === 0 };
    }
  }
}

test.each(FRAMINGS.flatMap((entry) => modes.map((payload) => ({ name: entry.name, payload, entry }))))(
  '$name, payload $payload: no memory holds payloads of two decoders',
  ({ entry, payload: mode }) => {
    const memories = { true: new Set<ArrayBuffer>(), false: new Set<ArrayBuffer>() };
    for (const { payloads, first } of inTurns(entry, { payload: mode })) {
      for (const payload of payloads) memories[`${first}`].add(payload.buffer);
    }
    expect(memories.true.size).toBeGreaterThan(0);
    for (const memory of memories.true) if (memory.byteLength > 0 && memories.false.has(memory)) expect.fail('one memory, two decoders');
  },
);

test.each(FRAMINGS.flatMap((entry) => modes.map((payload) => ({ name: entry.name, payload, entry }))))(
  '$name, payload $payload: transferring payloads that were cut empties none of another decoder, and the next ones are right',
  ({ entry, payload: mode }) => {
    const seen = { true: [] as string[], false: [] as string[] };
    const kept: Bytes[] = [];
    const transfers = Object.values(TRANSFERS);
    for (const { payloads, first } of inTurns(entry, { payload: mode })) {
      // Looked at before any of them is given away: those of one chunk may be views of it.
      seen[`${first}`].push(...payloads.map(toHex));
      if (!first) kept.push(...payloads);
      else for (const payload of payloads) if (payload.length > 0) transfers[seen.true.length % transfers.length]!(payload);
    }
    const expected = (seed: number): readonly string[] => [0, 1].flatMap(() => decodeAll(entry.create(), framesOf(entry, seed))).map(toHex);
    if (entry.keepsBoundaries) {
      expect(seen.false).toEqual(expected(1));
      expect(seen.true).toEqual(expected(0));
    }
    expect(kept.map(toHex)).toEqual(seen.false);
  },
);

test.each(modes)('payload %s: of two connections, one gives away what it receives, and the other keeps all of its own', async (payload) => {
  await using first = await socketPair();
  await using second = await socketPair();
  const sent = Array.from({ length: 60 }, (_, index) => pattern(66 + ((index * 131) % 3000)).fill(index));
  const wire = sticky(sent.map((message) => u32.encode(message)));
  const given: string[] = [];
  const kept: Bytes[] = [];
  const read = async (socket: Socket, take: (payload: Bytes) => void): Promise<void> => {
    for await (const batch of framed(socket, u32, { payload }).batches()) {
      // Before any is given away: those of one chunk may be views of it.
      const hex = batch.map(toHex);
      for (const message of batch) take(message);
      if (take === give) given.push(...hex);
    }
  };
  const give = (message: Bytes): void => {
    if (message.length > 0) Object.values(TRANSFERS)[given.length % 3]!(message);
  };
  const reading = Promise.all([read(first.server, give), read(second.server, (message) => void kept.push(message))]);
  const write = async ({ client }: { client: Socket }): Promise<void> => {
    for (let at = 0; at < wire.length; at += 700)
      await new Promise<void>((sentOn) => client.write(wire.subarray(at, at + 700), () => sentOn()));
    client.end();
  };
  await Promise.all([write(first), write(second), reading]);
  expect(given).toEqual(sent.map(toHex));
  expect(kept.map(toHex)).toEqual(sent.map(toHex));
});

test('streams of frames go on when each chunk is transferred as it comes', async () => {
  const batches = Array.from({ length: 5 }, (_, index) => [pattern(index), pattern(200)]);
  const seen: Bytes[] = [];
  const take = (chunk: Bytes): void => void seen.push(structuredClone(chunk, { transfer: [chunk.buffer] }));
  for await (const chunk of ReadableStream.from(batches).pipeThrough(frameEncoderStream(u16, { batch: true }))) take(chunk);
  const stream = encoderStream(u16);
  stream.on('data', ({ buffer, byteOffset, length }: Buffer) => take(new Uint8Array(buffer as ArrayBuffer, byteOffset, length)));
  for (const payload of batches.flat()) {
    stream.write(payload);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stream.end();
  await once(stream, 'end');
  for (const chunk of encodeBatches(u16, batches)) take(chunk);
  expect(decodeAll(u16, seen).map(toHex)).toEqual([...batches.flat(), ...batches.flat(), ...batches.flat()].map(toHex));
});

test.each(['auto', 'view'] as const)('payload %s: a chunk that is transferred before it was read to its end is a TypeError', (payload) => {
  for (const codec of [u16, line()]) {
    const decoder = codec.createDecoder({ payload });
    const bystander = codec.createDecoder({ payload });
    for (const each of [decoder, bystander]) each.push(sticky([pattern(500), pattern(400)].map((message) => codec.encode(message))));
    TRANSFERS['structuredClone']!(decoder.next()!);
    expect(() => decoder.next()).toThrow(TypeError);
    expect(() => decoder.next()).toThrow(
      /was transferred with 40[12] bytes of it unread: to transfer payloads, decode with payload: 'copy'$/,
    );
    expect(drain(bystander).map(toHex)).toEqual([pattern(500), pattern(400)].map(toHex));
  }
});

test.each([
  ['push()', (decoder) => decoder.push(pattern(3))],
  ['end()', (decoder) => decoder.end()],
  ['detach()', (decoder) => decoder.detach()],
] as const satisfies readonly (readonly [string, (decoder: Decoder<Bytes>) => unknown])[])('%s says so too', (_, call) => {
  const decoder = u16.createDecoder();
  decoder.push(sticky([pattern(500), pattern(400)].map((message) => u16.encode(message))));
  TRANSFERS['structuredClone']!(decoder.next()!);
  expect(() => call(decoder)).toThrow(/was transferred with 402 bytes of it unread: to transfer payloads, decode with payload: 'copy'$/);
});
