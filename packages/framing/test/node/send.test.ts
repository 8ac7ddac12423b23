import { closed, readAll, receive, socketPair } from '@socklab/testkit';
import { expect, test, vi } from 'vitest';
import { lengthPrefixed, line, u32be, withPayload } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { decodeAll } from '../../src/testing.ts';
import { isPending, turns } from '../streams/turns.ts';
import { bytes, pattern, text } from '../support/bytes.ts';
import type { Bytes, BytesIn, Codec } from '../../src/index.ts';
import type { FramedSocket } from '../../src/node.ts';
import type { Socket } from 'node:net';

const u32 = lengthPrefixed({ length: u32be });
const block = pattern(65_536);

/** Sends, waiting each time, until one send has to wait for a peer that does not read; returns that one. */
async function sendUntilItWaits(socket: Socket, messages: FramedSocket<Bytes, BytesIn>): Promise<{ waiting: Promise<void>; sent: number }> {
  for (let sent = 1; ; sent++) {
    const waiting = messages.send(block);
    if (socket.writableNeedDrain) {
      // Written to the kernel before a few turns are over: not a peer that does not read.
      await turns(5);
      if (socket.writableNeedDrain) return { waiting, sent };
    }
    await waiting;
  }
}

test('send() and sendBatch() put whole frames on the wire, in order', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  await messages.send(bytes('one'));
  await messages.sendBatch([bytes('two'), bytes(''), bytes('three')]);
  await messages.sendBatch([]);
  pair.server.end();
  expect(decodeAll(u32, [await readAll(pair.client)]).map(text)).toEqual(['one', 'two', '', 'three']);
  expect(messages.framesOut).toBe(4);
});

test('sendBatch() is one write, an empty batch none', async () => {
  await using pair = await socketPair();
  const write = vi.spyOn(pair.server, 'write');
  const messages = framed(pair.server, line());
  await messages.sendBatch([]);
  expect(write).not.toHaveBeenCalled();
  await messages.sendBatch(Array.from({ length: 64 }, () => bytes('hello')));
  expect(write).toHaveBeenCalledTimes(1);
  expect((await receive(pair.client, 384)).toString()).toBe('hello\n'.repeat(64));
});

test('nothing of a batch is sent when one of it is refused, nor later', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line({ maxPayloadBytes: 5 }));
  const refused = messages.sendBatch([bytes('one'), bytes('too long'), bytes('two')]);
  await expect(refused).rejects.toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 8, limit: 5 });
  await expect(messages.send(bytes('a\nb'))).rejects.toMatchObject({ code: 'FRAME_ERR_PAYLOAD' });
  expect(messages.framesOut).toBe(0);
  await messages.sendBatch([bytes('three')]);
  pair.server.end();
  expect((await readAll(pair.client)).toString()).toBe('three\n');
  expect(messages.framesOut).toBe(1);
});

/** How often the socket hands something to the kernel. */
function countWrites(socket: Socket): () => number {
  const write = vi.spyOn(socket, '_write');
  const writev = vi.spyOn(socket as Required<Pick<Socket, '_writev'>>, '_writev');
  return () => write.mock.calls.length + writev.mock.calls.length;
}

test('what is sent in one turn leaves in one write, however it is sent', async () => {
  await using pair = await socketPair();
  const writes = countWrites(pair.server);
  const messages = framed(pair.server, line());
  void messages.send(bytes('one'));
  await messages.send(bytes('two'));
  for (let index = 0; index < 100; index++) await messages.send(bytes(`${index}`));
  await messages.sendBatch([bytes('three'), bytes('four')]);
  expect(writes()).toBe(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(writes()).toBe(1);
  pair.server.end();
  expect((await readAll(pair.client)).toString()).toBe(
    `one\ntwo\n${Array.from({ length: 100 }, (_, i) => `${i}\n`).join('')}three\nfour\n`,
  );
});

test('a loop that answers message by message writes no more often than it reads', async () => {
  await using pair = await socketPair();
  const writes = countWrites(pair.server);
  let reads = 0;
  const messages = framed(pair.server, line());
  pair.server.on('data', () => reads++);
  const answers = readAll(pair.client);
  pair.client.end(linesOf('a').repeat(20));
  for await (const message of messages) await messages.send(message);
  pair.server.end();
  expect((await answers).toString()).toBe(linesOf('a').repeat(20));
  expect(writes()).toBeLessThanOrEqual(reads);
});

test('what was sent before end(), awaited or not, and what is written besides, arrives in its order', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  void messages.send(bytes('one'));
  pair.server.write('raw\n');
  void messages.sendBatch([bytes('two')]);
  await messages.send(bytes('three'));
  pair.server.end('end\n');
  expect((await readAll(pair.client)).toString()).toBe('one\nraw\ntwo\nthree\nend\n');
});

test('a message that fills the socket leaves at once, with those before it', async () => {
  await using pair = await socketPair();
  const writes = countWrites(pair.server);
  const messages = framed(pair.server, u32);
  void messages.send(bytes('small'));
  void messages.send(block);
  expect(writes()).toBe(1);
  void messages.send(bytes('small'));
  pair.server.end();
  expect(decodeAll(u32, [await readAll(pair.client)]).map(({ length }) => length)).toEqual([5, block.length, 5]);
});

function linesOf(name: string): string {
  return Array.from({ length: 200 }, (_, index) => `${name}${index}\n${name}\n`).join('');
}

test('connections do not mix', async () => {
  await using first = await socketPair();
  await using second = await socketPair();
  const [a, b] = [framed(first.server, line()), framed(second.server, line())];
  const sends = Array.from({ length: 200 }, (_, index) => [
    a.sendBatch([bytes(`a${index}`), bytes('a')]),
    b.sendBatch([bytes(`b${index}`), bytes('b')]),
  ]);
  await Promise.all(sends.flat());
  first.server.end();
  second.server.end();
  expect((await readAll(first.client)).toString()).toBe(linesOf('a'));
  expect((await readAll(second.client)).toString()).toBe(linesOf('b'));
});

test('batches that two connections send lie in different memory', async () => {
  await using first = await socketPair();
  await using second = await socketPair();
  const memories = new Set<ArrayBufferLike>();
  const sockets = [first.server, second.server];
  for (const socket of sockets) {
    vi.spyOn(socket, 'write').mockImplementation((chunk) => {
      memories.add((chunk as Uint8Array).buffer);
      return true;
    });
  }
  const messages = sockets.map((socket) => framed(socket, u32));
  for (let round = 0; round < 10; round++) {
    for (const connection of messages) await connection.sendBatch([pattern(100), pattern(round)]);
  }
  expect(memories.size).toBe(20);
});

test('a codec that sends while it encodes mixes no two batches', async () => {
  await using first = await socketPair();
  await using second = await socketPair();
  const log = framed(second.server, u32);
  const logged: Promise<void>[] = [];
  const noisy = withPayload(u32, {
    name: 'noisy',
    decode: (payload: Bytes) => payload,
    encode: (payload: Bytes) => {
      logged.push(log.sendBatch([pattern(3)]), messages.sendBatch([]));
      return payload;
    },
  });
  const messages = framed(first.server, noisy);
  await messages.sendBatch([pattern(5), pattern(6)]);
  await Promise.all(logged);
  for (const socket of [first.server, second.server]) socket.end();
  expect(decodeAll(u32, [await readAll(first.client)])).toEqual([pattern(5), pattern(6)]);
  expect(decodeAll(u32, [await readAll(second.client)])).toEqual([pattern(3), pattern(3)]);
});

test('send() waits for a peer that does not read, holds a bounded number of bytes, and goes on once it reads', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  const { waiting, sent } = await sendUntilItWaits(pair.server, messages);
  await turns();
  expect(await isPending(waiting)).toBe(true);
  expect(pair.server.writableLength).toBeLessThan(pair.server.writableHighWaterMark + 2 * block.length);
  const frames = receive(pair.client, sent * (block.length + 4));
  await waiting;
  expect(decodeAll(u32, [await frames]).length).toBe(sent);
});

test('many sends wait for one drain with one pair of listeners', async () => {
  await using pair = await socketPair();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning);
  process.on('warning', onWarning);
  const messages = framed(pair.server, u32);
  const { waiting, sent } = await sendUntilItWaits(pair.server, messages);
  const more = Array.from({ length: 50 }, () => messages.send(bytes('x')));
  expect([pair.server.listenerCount('drain'), pair.server.listenerCount('close')]).toEqual([1, 2]);
  const frames = receive(pair.client, sent * (block.length + 4) + 50 * 5);
  await Promise.all([waiting, ...more]);
  await frames;
  await turns(2);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
  expect(pair.server.listenerCount('drain')).toBe(0);
});

test('a send that waits rejects when the peer resets, and so do those after it', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  const { waiting } = await sendUntilItWaits(pair.server, messages);
  const rejected = expect(Promise.allSettled([waiting, messages.send(bytes('x'))])).resolves.toMatchObject([
    { status: 'rejected', reason: { code: expect.stringMatching(/ECONNRESET|EPIPE/) as string } },
    { status: 'rejected', reason: { code: expect.stringMatching(/ECONNRESET|EPIPE/) as string } },
  ]);
  pair.client.resetAndDestroy();
  await rejected;
  await closed(pair.server);
  await expect(messages.send(bytes('x'))).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) as string });
});

test('a send that waits rejects when we close, and a send after closing too', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  const { waiting } = await sendUntilItWaits(pair.server, messages);
  const rejected = expect(waiting).rejects.toMatchObject({ code: 'ERR_STREAM_DESTROYED', message: 'connection closed while sending' });
  pair.server.destroy();
  await rejected;
  await expect(messages.send(bytes('x'))).rejects.toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  await expect(messages.sendBatch([bytes('x')])).rejects.toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
});

test.each([
  ['end', 'last\n'],
  ['destroySoon', 'last\n'],
  ['destroy', ''],
] as const)('of a message that was sent in the same turn, socket.%s() sends %j', async (close, arrived) => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  pair.client.write('first\n');
  await messages.nextBatch();
  await messages.send(bytes('last'));
  pair.server[close]();
  expect((await readAll(pair.client)).toString()).toBe(arrived);
});

test('a peer that ended its side can still be sent to', async () => {
  await using pair = await socketPair({ server: { allowHalfOpen: true }, client: { allowHalfOpen: true } });
  const messages = framed(pair.server, line());
  pair.client.end('question\n');
  expect((await messages.nextBatch())?.map(text)).toEqual(['question']);
  expect(await messages.nextBatch()).toBeUndefined();
  await messages.send(bytes('answer'));
  pair.server.end();
  expect((await readAll(pair.client)).toString()).toBe('answer\n');
});

test('sends that wait when the socket is ended resolve once everything is sent', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  const { waiting, sent } = await sendUntilItWaits(pair.server, messages);
  const more = [messages.send(block), messages.sendBatch([block, block])];
  pair.server.end();
  expect(await isPending(waiting)).toBe(true);
  const [wire] = await Promise.all([readAll(pair.client), waiting, ...more]);
  expect(decodeAll(u32, [wire])).toHaveLength(sent + 3);
  expect(pair.server.listenerCount('drain')).toBe(0);
  await expect(messages.send(bytes('late'))).rejects.toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
});

test('a send that waits when the socket is ended rejects when the peer resets before everything is sent', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  const { waiting } = await sendUntilItWaits(pair.server, messages);
  pair.server.end();
  const rejected = expect(waiting).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) as string });
  pair.client.resetAndDestroy();
  await rejected;
});

test('a send that nobody waits for is no unhandled rejection when the connection closes or is closed: reading tells it', async () => {
  await using pair = await socketPair();
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  const messages = framed(pair.server, u32);
  const reading = expect(messages.nextBatch()).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  while (!pair.server.writableNeedDrain) void messages.send(block);
  void messages.sendBatch([block]);
  pair.server.destroy();
  await closed(pair.server);
  void messages.send(bytes('x'));
  void messages.sendBatch([bytes('x')]);
  await reading;
  await turns(2);
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
  await expect(messages.send(bytes('x'))).rejects.toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
});

test.each([
  ['a string', () => 'text', 'the string "text"'],
  ['nothing', () => undefined, 'undefined'],
  ['two-byte numbers', () => Uint16Array.of(1, 2), 'a Uint16Array'],
  ['a promise', () => Promise.reject(new Error('late')), 'a Promise'],
])('a codec that encodes to %s is a TypeError that names it; nothing is sent, and the connection goes on', async (_what, answer, seen) => {
  await using pair = await socketPair();
  const codec: Codec = {
    name: 'mine',
    maxPayloadBytes: 9,
    createDecoder: (options) => u32.createDecoder(options),
    encode: (payload) => (payload.length === 0 ? u32.encode(bytes('right')) : (answer() as unknown as Bytes)),
    encodeInto: () => undefined,
  };
  const messages = framed(pair.server, codec);
  await expect(messages.send(bytes('wrong'))).rejects.toThrow(new TypeError(`a frame of mine must be a Uint8Array, received ${seen}`));
  expect(messages.framesOut).toBe(0);
  await messages.send(bytes(''));
  pair.server.end();
  expect(decodeAll(u32, [await readAll(pair.client)]).map(text)).toEqual(['right']);
});
