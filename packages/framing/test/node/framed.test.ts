import { once } from 'node:events';
import { readAll, socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { lengthPrefixed, line, u16be } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { sticky } from '../../src/testing.ts';
import { isPending, turns } from '../streams/turns.ts';
import { bytes, pattern, text } from '../support/bytes.ts';
import { unended } from '../support/unended-codec.ts';
import type { Bytes } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be, maxPayloadBytes: 20_000 });
const garbage = Uint8Array.of(0xff, 0xff, 0xff);

test("payload reaches the decoder: 'copy' owns its bytes, 'view' shares those of the read", async () => {
  for (const [payload, isOwned] of [
    ['copy', true],
    ['view', false],
  ] as const) {
    await using pair = await socketPair();
    const messages = framed(pair.server, u16, { payload });
    pair.client.write(sticky([u16.encode(pattern(500)), u16.encode(pattern(500))]));
    const [first] = (await messages.nextBatch())!;
    expect(first!.buffer.byteLength === 500).toBe(isOwned);
  }
});

test('after a FrameError the socket is paused, and what the peer goes on sending is not read', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u16, { readAheadBytes: 1000 });
  pair.client.write(garbage);
  await expect(messages.nextBatch()).rejects.toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
  expect(pair.server.isPaused()).toBe(true);
  pair.client.write(new Uint8Array(8_000_000));
  await turns();
  // Node fills a socket's own buffer once more before it stops.
  expect(pair.server.bytesRead).toBeLessThanOrEqual(garbage.length + 2 * 65_536);
  await expect(messages.nextBatch()).rejects.toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
  expect(pair.server.isPaused()).toBe(true);
});

test('ending the socket after a FrameError closes it properly, though the peer sent more', async () => {
  await using pair = await socketPair({ client: { allowHalfOpen: true } });
  const messages = framed(pair.server, u16);
  pair.client.write(garbage);
  await expect(messages.nextBatch()).rejects.toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
  pair.client.end(new Uint8Array(200_000));
  await messages.send(bytes('bye'));
  pair.server.end();
  expect(text(await readAll(pair.client))).toBe('\0\x03bye');
  if (!pair.server.destroyed) await once(pair.server, 'close');
  await messages.peerEnded;
});

test('a socket that was ended before the FrameError sees its peer’s end too', async () => {
  await using pair = await socketPair({ client: { allowHalfOpen: true }, server: { allowHalfOpen: true } });
  const messages = framed(pair.server, u16);
  pair.server.end();
  await once(pair.server, 'finish');
  pair.client.write(garbage);
  await expect(messages.nextBatch()).rejects.toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
  pair.client.end(new Uint8Array(200_000));
  if (!pair.server.destroyed) await once(pair.server, 'close');
});

test('peerEnded resolves after detach()', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  expect(await isPending(messages.peerEnded)).toBe(true);
  messages.detach();
  await messages.peerEnded;
});

test('a frame that the end of the stream ends is delivered, by every way of reading', async () => {
  const wire = sticky([u16.encode(bytes('one')), bytes('\0\trest')]);
  for (const read of ['batches', 'messages'] as const) {
    await using pair = await socketPair();
    const messages = framed(pair.server, unended);
    pair.client.end(wire);
    const seen: Bytes[] = [];
    if (read === 'messages') for await (const message of messages) seen.push(message);
    else for await (const batch of messages.batches()) seen.push(...batch);
    expect(seen.map(text)).toEqual(['one', '\0\trest']);
    expect([messages.framesIn, await messages.nextBatch()]).toEqual([2, undefined]);
  }
});

test('a server that takes its time answers a client that ended its side at once, when its socket may be half open', async () => {
  await using pair = await socketPair({ server: { allowHalfOpen: true } });
  const messages = framed(pair.server, line());
  pair.client.end('one\ntwo\n');
  for await (const batch of messages.batches()) {
    await messages.peerEnded.then(() => turns(2));
    await messages.sendBatch(batch);
  }
  pair.server.end();
  expect((await readAll(pair.client)).toString()).toBe('one\ntwo\n');
});
