import { once } from 'node:events';
import { receive, socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { lengthPrefixed, line, u32be } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { bytes, fromHex, text, toHex } from '../support/bytes.ts';

const u32 = lengthPrefixed({ length: u32be });

test('detach() hands over the bytes after the message that was read, and the socket goes on', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  pair.client.write('upgrade\nnot a line, but a');
  for await (const message of messages) {
    expect(text(message)).toBe('upgrade');
    break;
  }
  expect(text(messages.detach())).toBe('not a line, but a');
  expect([pair.server.isPaused(), pair.server.destroyed]).toEqual([true, false]);
  pair.client.write(' stream\n');
  expect((await receive(pair.server, 8)).toString()).toBe(' stream\n');
  pair.server.write('raw answer');
  expect((await receive(pair.client, 10)).toString()).toBe('raw answer');
});

test('detach() hands over complete frames that nobody took', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line(), { readAheadBytes: 1000 });
  pair.client.write('one\ntwo\n');
  await once(pair.server, 'data');
  expect(text(messages.detach())).toBe('one\ntwo\n');
  expect(messages.framesIn).toBe(0);
});

test('detach() hands over the beginning of a frame; a nextBatch() that waits for its end resolves with undefined', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, u32);
  const batch = messages.nextBatch();
  pair.client.write(fromHex('00 00 00 05 68'));
  await once(pair.server, 'data');
  expect(toHex(messages.detach())).toBe('00 00 00 05 68');
  expect(await batch).toBeUndefined();
  expect(await messages.nextBatch()).toBeUndefined();
  expect(pair.server.isPaused()).toBe(true);
  pair.client.write('65');
  expect((await receive(pair.server, 2)).toString()).toBe('65');
});

test('detach() leaves no listener behind, and a loop ends', async () => {
  await using pair = await socketPair();
  const events = ['data', 'end', 'close', 'error', 'drain'];
  const count = (): number[] => events.map((event) => pair.server.listenerCount(event));
  const before = count();
  const messages = framed(pair.server, u32);
  const loop = (async () => {
    for await (const message of messages) throw new Error(`unexpected ${text(message)}`);
  })();
  expect(messages.detach().length).toBe(0);
  await loop;
  expect(count()).toEqual(before);
});

test('detach() throws the FrameError that ended decoding, and still lets go of the socket', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line({ maxPayloadBytes: 3 }));
  pair.client.write('too long');
  await expect(messages.nextBatch()).rejects.toMatchObject({ code: 'FRAME_ERR_TOO_LARGE' });
  expect(() => messages.detach()).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE' }));
  expect(pair.server.listenerCount('data')).toBe(0);
});

test('two codecs take turns on one connection', async () => {
  await using pair = await socketPair();
  const lines = framed(pair.server, line());
  pair.client.write(Buffer.concat([Buffer.from('binary\n'), u32.encode(bytes('哈')), u32.encode(bytes(''))]));
  for await (const message of lines) {
    expect(text(message)).toBe('binary');
    break;
  }
  const rest = lines.detach();
  pair.server.unshift(rest);
  const binary = framed(pair.server, u32);
  expect((await binary.nextBatch())?.map(text)).toEqual(['哈', '']);
  await binary.send(bytes('ok'));
  expect(toHex(await receive(pair.client, 6))).toBe('00 00 00 02 6f 6b');
});
