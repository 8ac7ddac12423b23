import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { parseInTurns } from '../../src/admin/http-turns.ts';
import { connected, readAll } from '../sockets.ts';
import type { RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const REQUEST = 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n';
const LAST = 'GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';

async function served(answer: RequestListener): Promise<() => Promise<Socket>> {
  const server = createServer(answer);
  server.on('connection', parseInTurns);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  return async () => {
    const socket = await connected({ port: (server.address() as AddressInfo).port });
    onTestFinished(() => void socket.destroy());
    return socket;
  };
}

test('once a request has ended its connection, no more than its piece of 1 KiB is parsed', async () => {
  let parsed = 0;
  const open = await served(({ socket }) => {
    parsed += 1;
    socket.destroy();
  });
  const greedy = await open();
  greedy.on('error', () => undefined).write(REQUEST.repeat(1500));
  await once(greedy.resume(), 'close');
  expect(parsed).toBe(Math.floor(1024 / REQUEST.length));
});

test('what two connections pipeline is parsed in turns of the event loop, and answered in order', async () => {
  let turn = 0;
  const turns = new Map<string, number[]>();
  const open = await served(({ url = '' }, response) => {
    const who = url.slice(1, 2);
    turns.set(who, [...(turns.get(who) ?? []), turn]);
    const until = performance.now() + 15;
    while (performance.now() < until);
    response.end(url);
  });
  const count = async (): Promise<void> => {
    for (; !clients.every(({ destroyed }) => destroyed); turn++) await nextTurn();
  };
  const clients = [await open(), await open()];
  // Each is longer than a piece.
  const padding = `x: ${'y'.repeat(4000)}\r\n`;
  const pipelined = (who: string): string =>
    [1, 2, 3, 4].map((nth) => `GET /${who}${nth} HTTP/1.1\r\nhost: localhost\r\n${padding}\r\n`).join('');
  const counting = count();
  const answers = clients.map(async (client, index) => {
    const who = 'ab'[index]!;
    client.write(pipelined(who) + LAST.replace('/', `/${who}5`));
    return [...(await readAll(client)).matchAll(/\r\n\r\n(\/.\d)/g)].map(([, path]) => path);
  });
  expect(await Promise.all(answers)).toEqual(['a', 'b'].map((who) => [1, 2, 3, 4].map((nth) => `/${who}${nth}`).concat(`/${who}5`)));
  for (const client of clients) client.destroy();
  await counting;
  for (const each of turns.values()) expect(new Set(each).size).toBeGreaterThanOrEqual(4);
});

test('a body of 300 KB that is read slowly is whole, and memory for it stays bounded', async () => {
  const body = 'a b c '.repeat(50_000);
  let largest = 0;
  const open = await served(async (request, response) => {
    let text = '';
    for await (const chunk of request as AsyncIterable<Buffer>) {
      text += chunk.toString();
      largest = Math.max(largest, request.readableLength);
      await nextTurn();
    }
    response.end(String(text === body));
  });
  const client = await open();
  client.write(`POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  expect(await readAll(client)).toMatch(/\r\n\r\ntrue$/);
  expect(largest).toBeLessThan(200_000);
});

test('a client that pipelines more than a piece and reads late gets all answers', async () => {
  // The first is more than a socket takes: HTTP stops its parser until it is sent.
  const open = await served((_request, response) => void response.end('x'.repeat(200_000)));
  const client = await open();
  client.write(REQUEST.repeat(60) + LAST);
  for (let turns = 0; turns < 50; turns++) await nextTurn();
  expect((await readAll(client)).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(61);
});
