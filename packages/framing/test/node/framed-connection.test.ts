import { once } from 'node:events';
import { receive, socketPair } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { FrameError, lengthPrefixed, line, u16be, u32be } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { sticky } from '../../src/testing.ts';
import { isPending, turns } from '../streams/turns.ts';
import { bytes, pattern, text } from '../support/bytes.ts';
import { THROWS } from '../support/misbehaviour.ts';
import type { Bytes } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be });
const u32 = lengthPrefixed({ length: u32be });
const READ_BYTES = 65_536;

const lines = (...texts: readonly string[]): Bytes => sticky(texts.map((each) => line().encode(bytes(each))));

test('forEach() gives each message once and in order, and resolves when the peer ends its side', async () => {
  await using pair = await socketPair();
  const sent = Array.from({ length: 3000 }, (_, index) => pattern((index * 37) % 900));
  const messages = framed(pair.server, u16);
  pair.client.end(sticky(sent.map((message) => u16.encode(message))));
  const seen: string[] = [];
  await messages.forEach((message) => void seen.push(text(message)));
  expect(seen).toEqual(sent.map(text));
  expect(messages.framesIn).toBe(sent.length);
});

test('forEach() calls within the turn in which the bytes were read', async () => {
  await using pair = await socketPair();
  const seen: string[] = [];
  const reading = framed(pair.server, line()).forEach((message) => void seen.push(text(message)));
  const seenAfterTurn = new Promise<readonly string[]>((resolve) => {
    pair.server.once('data', () => setImmediate(() => resolve([...seen])));
  });
  pair.client.end(lines('one', 'two'));
  expect(await seenAfterTurn).toEqual(['one', 'two']);
  await reading;
});

test('while a promise of forEach() is pending, nothing is given and a peer that floods stalls', async () => {
  await using pair = await socketPair();
  const flood = sticky(Array.from({ length: 512 }, () => u32.encode(pattern(READ_BYTES - 4))));
  const gates: (() => void)[] = [];
  const messages = framed(pair.server, u32);
  const reading = messages.forEach(() => (gates.length < 2 ? new Promise<void>((resolve) => gates.push(resolve)) : undefined));
  pair.client.end(flood);
  for (const given of [1, 2]) {
    await turns();
    expect([gates.length, messages.framesIn]).toEqual([given, given]);
    expect(pair.server.bytesRead).toBeLessThanOrEqual((4 + given) * READ_BYTES);
    expect(pair.client.writableLength).toBe(flood.length);
    gates[given - 1]!();
  }
  await reading;
  expect(messages.framesIn).toBe(512);
});

test('an echo by forEach() reads no faster than its peer takes the answers', async () => {
  await using pair = await socketPair();
  const block = u32.encode(pattern(READ_BYTES));
  const messages = framed(pair.server, u32);
  const echoing = messages.forEach((message) => messages.send(message));
  for (let sent = 0; sent < 1024; sent++) pair.client.write(block);
  await turns();
  expect(await isPending(echoing)).toBe(true);
  expect(pair.server.writableLength).toBeLessThan(pair.server.writableHighWaterMark + 2 * block.length);
  const answers = receive(pair.client, 1024 * block.length);
  pair.client.end();
  await echoing;
  pair.server.end();
  expect((await answers).equals(sticky(Array.from({ length: 1024 }, () => block)))).toBe(true);
});

test('forEach() rejects with a fault after the messages before it', async () => {
  await using pair = await socketPair();
  const seen: string[] = [];
  const messages = framed(pair.server, lengthPrefixed({ length: u16be, maxPayloadBytes: 9 }));
  pair.client.write(sticky([u16.encode(bytes('one')), u16.encode(bytes('much too long'))]));
  await expect(messages.forEach((message) => void seen.push(text(message)))).rejects.toBeInstanceOf(FrameError);
  expect(seen).toEqual(['one']);
});

test('what the callback of forEach() throws ends it, and the messages behind are still there', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  pair.client.end(lines('one', 'two', 'three', 'four'));
  const stop = new Error('stop');
  await expect(
    messages.forEach(() => {
      throw stop;
    }),
  ).rejects.toBe(stop);
  await expect(messages.forEach(() => Promise.reject(stop))).rejects.toBe(stop);
  expect((await messages.nextBatch())?.map(text)).toEqual(['three', 'four']);
  expect(await messages.nextBatch()).toBeUndefined();
});

describe.each<[string, (thrown: unknown) => unknown]>([
  [
    'throws',
    (thrown) => {
      throw thrown;
    },
  ],
  ['returns a promise that rejects with', (thrown) => Promise.reject(thrown)],
])('a callback of forEach() that %s', (_how, answer) => {
  test.each(THROWS)(
    '%s ends the loop with just that; what is behind the message is there, and the socket is open',
    async (_what, thrown) => {
      await using pair = await socketPair();
      const messages = framed(pair.server, line());
      pair.client.write(lines('one', 'two', 'three'));
      const seen: string[] = [];
      const reading = messages.forEach((message) => {
        seen.push(text(message));
        return seen.length === 2 ? answer(thrown) : undefined;
      });
      expect(
        await reading.then(
          () => 'no error',
          (error: unknown) => [error],
        ),
      ).toEqual([thrown]);
      expect(seen).toEqual(['one', 'two']);
      expect(text((await messages.receive())!)).toBe('three');
      await messages.send(bytes('still here'));
      expect(await receive(pair.client, 11)).toEqual(Buffer.from('still here\n'));
    },
  );
});

test('detach() in the callback of forEach() ends it, and hands over what is behind the message', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  pair.client.write(lines('upgrade', 'raw'));
  let rest = '';
  await messages.forEach(() => {
    rest = text(messages.detach());
  });
  expect(rest).toBe('raw\n');
  pair.client.end('more');
  expect(String(await once(pair.server.resume(), 'data'))).toBe('more');
});
