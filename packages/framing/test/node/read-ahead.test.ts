import { socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { lengthPrefixed, line, u32be } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { sticky } from '../../src/testing.ts';
import { isPending, turns } from '../streams/turns.ts';
import { bytes, pattern, text } from '../support/bytes.ts';

const u32 = lengthPrefixed({ length: u32be });
/** What one read of a Node socket brings at most. */
const READ_BYTES = 65_536;
const flood = sticky(Array.from({ length: 512 }, () => u32.encode(pattern(READ_BYTES - 4))));

test('without read-ahead a peer that floods stalls until the program asks', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  pair.client.end(flood);
  await turns();
  expect(pair.server.bytesRead).toBeLessThanOrEqual(2 * READ_BYTES);
  expect(pair.client.writableLength).toBe(flood.length);
  await messages.nextBatch();
  await turns();
  expect(pair.server.bytesRead).toBeLessThanOrEqual(5 * READ_BYTES);
  expect(pair.client.writableLength).toBe(flood.length);
  for await (const batch of messages.batches()) expect(batch.length).toBeGreaterThan(0);
  expect([messages.framesIn, pair.server.bytesRead]).toEqual([512, flood.length]);
});

test('a program that is slow between messages of one chunk reads no further', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  pair.client.end(flood);
  for await (const message of messages) {
    expect(message.length).toBe(READ_BYTES - 4);
    await turns();
    break;
  }
  expect(pair.server.bytesRead).toBeLessThanOrEqual(5 * READ_BYTES);
});

test('read-ahead reads about as far as it says, and no further', async () => {
  await using pair = await socketPair();
  const readAheadBytes = 4 * READ_BYTES;
  const messages = framed(pair.server, u32, { readAheadBytes });
  pair.client.end(flood);
  await turns();
  expect(pair.server.bytesRead).toBeGreaterThanOrEqual(readAheadBytes);
  expect(pair.server.bytesRead).toBeLessThanOrEqual(readAheadBytes + 3 * READ_BYTES);
  let count = 0;
  for await (const message of messages) count += message.length > 0 ? 1 : 0;
  expect(count).toBe(512);
});

test('with read-ahead the peer’s leaving is noticed while its messages wait, and they are still there', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line(), { readAheadBytes: 1000 });
  pair.client.end('one\ntwo\n');
  await messages.peerEnded;
  expect(messages.framesIn).toBe(0);
  expect((await messages.nextBatch())?.map(text)).toEqual(['one', 'two']);
  expect(await messages.nextBatch()).toBeUndefined();
});

test('with read-ahead the peer’s leaving is noticed while the program works on a batch', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line(), { readAheadBytes: 1000 });
  pair.client.write(`${'x'.repeat(3000)}\n`);
  expect((await messages.nextBatch())?.length).toBe(1);
  pair.client.write(`${'y'.repeat(3000)}\n`);
  await turns(5);
  expect((await messages.nextBatch())?.length).toBe(1);
  pair.client.end('z\n');
  await messages.peerEnded;
  expect((await messages.nextBatch())?.map(text)).toEqual(['z']);
});

test('without read-ahead it is noticed once the program asks again', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  pair.client.end('one\n');
  await turns();
  expect(await isPending(messages.peerEnded)).toBe(true);
  await messages.nextBatch();
  await messages.nextBatch();
  await messages.peerEnded;
});

test('a frame longer than the read-ahead arrives', async () => {
  await using pair = await socketPair();
  for (const readAheadBytes of [0, 1, 5000]) {
    await using own = await socketPair();
    const messages = framed(own.server, u32, { readAheadBytes });
    own.client.end(u32.encode(pattern(1_000_000)));
    await turns(20);
    expect((await messages.nextBatch())?.[0]?.length).toBe(1_000_000);
  }
  expect(pair.server.bytesRead).toBe(0);
});

test('throws a RangeError when the read-ahead is not a whole number of bytes', async () => {
  await using pair = await socketPair();
  for (const readAheadBytes of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => framed(pair.server, line(), { readAheadBytes })).toThrow(
      new RangeError(`readAheadBytes is ${readAheadBytes}; allowed: whole numbers from 0`),
    );
  }
  expect(pair.server.listenerCount('data')).toBe(0);
  expect(bytes('').length).toBe(0);
});
