import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { closed, connectTo, listening, readAll, receive, socketPair } from '../src/index.ts';

test('listening picks a free port of 127.0.0.1, and leaves a server that listens as it is', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  const port = await listening(server);
  expect(server.address()).toEqual({ address: '127.0.0.1', family: 'IPv4', port });
  expect(await listening(server)).toBe(port);
});

test('connectTo rejects where nobody listens', async () => {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  await expect(connectTo(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('connectTo takes the path of a unix socket', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'testkit-'));
  const server = createServer((socket) => socket.end('hi'));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  server.listen(join(folder, 'socket'));
  await once(server, 'listening');
  expect((await readAll(await connectTo(join(folder, 'socket')))).toString()).toBe('hi');
});

test('socketPair carries bytes both ways, and closes both ends', async () => {
  const pair = await socketPair();
  pair.client.write('ping');
  expect((await receive(pair.server, 4)).toString()).toBe('ping');
  pair.server.end('pong');
  expect((await readAll(pair.client)).toString()).toBe('pong');
  await pair.close();
  expect([pair.client.closed, pair.server.closed]).toEqual([true, true]);
});

test('socketPair passes options to each end', async () => {
  const reads: string[] = [];
  const onread = {
    buffer: Buffer.alloc(2),
    callback: (byteLength: number, buffer: Uint8Array) => {
      reads.push(Buffer.from(buffer.subarray(0, byteLength)).toString());
      return true;
    },
  };
  await using pair = await socketPair({ server: { allowHalfOpen: true }, client: { onread } });
  pair.client.end('question');
  expect((await readAll(pair.server)).toString()).toBe('question');
  pair.server.end('abcde');
  await once(pair.client, 'end');
  expect(reads).toEqual(['ab', 'cd', 'e']);
});

test('receive takes exactly what was asked, at every cut, and leaves the rest', async () => {
  const sent = 'abcdef';
  for (let cut = 0; cut <= sent.length; cut++) {
    await using pair = await socketPair();
    const first = receive(pair.client, cut);
    pair.server.write(sent);
    expect((await first).toString()).toBe(sent.slice(0, cut));
    pair.server.end();
    expect((await readAll(pair.client)).toString()).toBe(sent.slice(cut));
  }
});

test('receive waits for more than a socket buffers', async () => {
  await using pair = await socketPair();
  const byteLength = 1024 * 1024;
  pair.server.write(Buffer.alloc(byteLength, 7));
  expect(await receive(pair.client, byteLength)).toEqual(Buffer.alloc(byteLength, 7));
});

test('receive says what came when the end comes first, or came before', async () => {
  await using pair = await socketPair();
  pair.server.end('abc');
  await expect(receive(pair.client, 4)).rejects.toThrow('ended after 3 of 4 bytes: 616263');
  await expect(receive(pair.client, 1)).rejects.toThrow('ended after 0 of 1 bytes');
});

test('a socket can be listened to in the usual way after receive', async () => {
  await using pair = await socketPair();
  pair.server.write('abcd');
  await receive(pair.client, 2);
  const rest = once(pair.client, 'data');
  expect(String((await rest)[0])).toBe('cd');
});

test('receive and readAll reject with the error of a reset', async () => {
  await using pair = await socketPair();
  const waits = Promise.allSettled([receive(pair.client, 1), readAll(pair.client)]);
  pair.server.resetAndDestroy();
  for (const wait of await waits) expect(wait).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } });
  await expect(readAll(pair.client)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('readAll rejects when our own end is destroyed meanwhile', async () => {
  await using pair = await socketPair();
  const wait = readAll(pair.client);
  pair.client.destroy();
  await expect(wait).rejects.toThrow('closed without an end');
});

test('closed resolves with nothing after an end, with the error after a reset, also when that was before', async () => {
  await using ended = await socketPair();
  ended.server.end('unread');
  expect(await closed(ended.client)).toBeUndefined();
  await using reset = await socketPair();
  const wait = closed(reset.client);
  reset.server.resetAndDestroy();
  expect(await wait).toMatchObject({ code: 'ECONNRESET' });
  expect(await closed(reset.client)).toMatchObject({ code: 'ECONNRESET' });
});
