import { once } from 'node:events';
import { closed, socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { FrameError, i32le, lengthPrefixed, line, u16be } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { randomSplits, sticky } from '../../src/testing.ts';
import { bytes, fromHex, pattern, text } from '../support/bytes.ts';
import type { Bytes, Codec } from '../../src/index.ts';

const i32 = lengthPrefixed({ length: i32le });

function frames(codec: Codec, ...payloads: readonly string[]): Bytes {
  return sticky(payloads.map((payload) => codec.encode(bytes(payload))));
}

test('nextBatch() returns every message of one chunk, then undefined at the end of the stream, and again', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, i32);
  pair.client.end(frames(i32, '哈哈哈哈哈', '', '粘包'));
  expect((await messages.nextBatch())?.map(text)).toEqual(['哈哈哈哈哈', '', '粘包']);
  expect(await messages.nextBatch()).toBeUndefined();
  expect(await messages.nextBatch()).toBeUndefined();
  expect(messages.framesIn).toBe(3);
  await messages.peerEnded;
});

test('nextBatch() waits for the whole message, however many reads it takes', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, i32);
  const batch = messages.nextBatch();
  for (const byte of frames(i32, 'hello')) {
    pair.client.write(Uint8Array.of(byte));
    await once(pair.server, 'data');
  }
  expect((await batch)?.map(text)).toEqual(['hello']);
});

test('batches() and iteration give the same messages, whatever the peer wrote at once', async () => {
  const sent = Array.from({ length: 400 }, (_, index) => pattern((index * 37) % 900));
  const wire = sticky(sent.map((payload) => i32.encode(payload)));
  for (const [seed, readAheadBytes] of [
    [1, 0],
    [2, 10_000],
  ] as const) {
    for (const surface of ['messages', 'batches'] as const) {
      await using pair = await socketPair({ server: { noDelay: true } });
      const messages = framed(pair.server, i32, { readAheadBytes });
      for (const [chunks] of [[...randomSplits(wire, { seed, count: 1 })]]) for (const chunk of chunks!) pair.client.write(chunk);
      pair.client.end();
      const received: Bytes[] = [];
      if (surface === 'messages') for await (const message of messages) received.push(message);
      else for await (const batch of messages.batches()) received.push(...batch);
      expect(received.map(text)).toEqual(sent.map(text));
      expect(messages.framesIn).toBe(sent.length);
    }
  }
});

test('a loop over messages that is left early loses none', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  pair.client.end(frames(line(), 'hello', 'one', 'two', 'three'));
  for await (const message of messages) {
    expect(text(message)).toBe('hello');
    break;
  }
  expect(messages.framesIn).toBe(1);
  for await (const message of messages) {
    expect(text(message)).toBe('one');
    break;
  }
  expect((await messages.nextBatch())?.map(text)).toEqual(['two', 'three']);
  expect(await messages.nextBatch()).toBeUndefined();
});

test('a reset by the peer is ECONNRESET, after the messages that came before', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, i32);
  pair.client.write(frames(i32, 'first'));
  expect((await messages.nextBatch())?.map(text)).toEqual(['first']);
  const next = messages.nextBatch();
  pair.client.resetAndDestroy();
  await expect(next).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(messages.nextBatch()).rejects.toMatchObject({ code: 'ECONNRESET' });
  await messages.peerEnded;
});

test('a stream that ends inside a frame is FRAME_ERR_TRUNCATED, after the messages before it', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, i32);
  pair.client.end(sticky([frames(i32, 'one', 'two'), fromHex('05 00 00 00 68 61')]));
  const received: string[] = [];
  const reading = (async () => {
    for await (const message of messages) received.push(text(message));
  })();
  await expect(reading).rejects.toMatchObject({ code: 'FRAME_ERR_TRUNCATED', offset: 14, frameIndex: 2 });
  expect(received).toEqual(['one', 'two']);
  await expect(messages.nextBatch()).rejects.toMatchObject({ code: 'FRAME_ERR_TRUNCATED' });
});

test('garbage is a FrameError after the messages before it, every time; the socket stays the caller’s to close', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, lengthPrefixed({ length: u16be, maxPayloadBytes: 100 }));
  pair.client.write(sticky([fromHex('00 02 68 69'), bytes('GET / HTTP/1.1\r\n')]));
  expect((await messages.nextBatch())?.map(text)).toEqual(['hi']);
  const error: unknown = await messages.nextBatch().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FrameError);
  expect(error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', offset: 4, frameIndex: 1, declared: 0x4745 });
  pair.client.write('more garbage');
  await expect(messages.nextBatch()).rejects.toBe(error);
  expect(pair.server.destroyed).toBe(false);
  await messages.send(bytes('bye'));
  expect(await once(pair.client, 'data')).toEqual([Buffer.from('\0\x03bye')]);
});

test.each(['nextBatch', 'batches', 'for await'])('%s throws ERR_STREAM_PREMATURE_CLOSE when our side destroys the socket', async (way) => {
  await using pair = await socketPair();
  const messages = framed(pair.server, i32);
  const read = {
    nextBatch: () => messages.nextBatch(),
    batches: () => messages.batches()[Symbol.asyncIterator]().next(),
    'for await': () => messages[Symbol.asyncIterator]().next(),
  }[way]!;
  const waiting = read();
  pair.server.destroy();
  await expect(waiting).rejects.toMatchObject({
    code: 'ERR_STREAM_PREMATURE_CLOSE',
    message: 'the socket was closed before the peer ended its side',
  });
  await expect(read()).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  await messages.peerEnded;
});

test('a socket that our side destroyed still gives what had arrived, and then is no clean end', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, i32, { readAheadBytes: 1000 });
  const arrived = once(pair.server, 'data');
  pair.client.write(sticky([i32.encode(bytes('one')), i32.encode(bytes('two'))]));
  await arrived;
  pair.server.destroy();
  await messages.peerEnded;
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const payload of messages) seen.push(text(payload));
  };
  await expect(read()).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  expect(seen).toEqual(['one', 'two']);
});

test('a socket that was destroyed before is no clean end', async () => {
  await using pair = await socketPair();
  pair.server.destroy();
  await once(pair.server, 'close');
  await expect(framed(pair.server, i32).nextBatch()).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
});

test('destroying the socket after the peer ended its side is a clean end', async () => {
  await using pair = await socketPair({ server: { allowHalfOpen: true } });
  const messages = framed(pair.server, i32, { readAheadBytes: 1000 });
  pair.client.end(i32.encode(bytes('one')));
  await messages.peerEnded;
  pair.server.destroy();
  await once(pair.server, 'close');
  expect((await messages.nextBatch())?.map(text)).toEqual(['one']);
  expect(await messages.nextBatch()).toBeUndefined();
});

test('a socket that has ended before gives what it says: the end, or its error', async () => {
  await using ended = await socketPair({ server: { allowHalfOpen: true } });
  ended.client.end();
  await once(ended.server.resume(), 'end');
  const afterEnd = framed(ended.server, i32);
  await afterEnd.peerEnded;
  expect(await afterEnd.nextBatch()).toBeUndefined();

  await using reset = await socketPair();
  reset.client.resetAndDestroy();
  await closed(reset.server);
  const afterReset = framed(reset.server, i32);
  await afterReset.peerEnded;
  await expect(afterReset.nextBatch()).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a second nextBatch() while one waits is refused, and the first still gets its batch', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, i32);
  const first = messages.nextBatch();
  await expect(messages.nextBatch()).rejects.toThrow('a read is already pending: one call at a time');
  pair.client.write(frames(i32, 'hello'));
  expect((await first)?.map(text)).toEqual(['hello']);
});
