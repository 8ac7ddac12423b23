import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { httpTimeouts, limitHttp } from '../../src/admin/http-limits.ts';
import { connected, readAll } from '../sockets.ts';
import type { HttpLimits } from '../../src/admin/http-limits.ts';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

interface Limited {
  /** A connection that says nothing, once it is accepted: from that address, as far as the server can see. */
  silent(from?: string): Promise<Socket>;
  /** A connection that asks, once the request is there. */
  asking(from?: string): Promise<Socket>;
  readonly refused: () => number;
}

async function limited(limits: HttpLimits, answer: RequestListener, timeoutMs = 60_000): Promise<Limited> {
  const server: Server = createServer(httpTimeouts(timeoutMs), answer);
  let from = '127.0.0.1';
  server.prependListener('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: from }));
  let refused = 0;
  limitHttp(server, { ...limits, onRefused: () => (refused += 1) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const open = async (address = '127.0.0.1'): Promise<Socket> => {
    from = address;
    const [socket] = await Promise.all([connected({ port: (server.address() as AddressInfo).port }), once(server, 'connection')]);
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  return {
    silent: open,
    async asking(address) {
      const socket = await open(address);
      const asked = once(server, 'request');
      socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
      await asked;
      return socket;
    },
    refused: () => refused,
  };
}

const answered = async (socket: Socket): Promise<string> => {
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  return (await readAll(socket)).split('\r\n')[0] ?? '';
};
const quick: RequestListener = (_request, response) => void response.end('ok');
const never: RequestListener = () => undefined;
const gone = (socket: Socket): Promise<unknown> => once(socket.on('error', () => undefined).resume(), 'close');

test('the oldest silent connection gives its place to whoever comes, and the others keep theirs', async () => {
  const server = await limited({ maxConnections: 3 }, quick);
  const [first, second, third] = [await server.silent(), await server.silent(), await server.silent()];
  const next = await server.silent();
  await gone(first);
  expect(await answered(next)).toBe('HTTP/1.1 200 OK');
  expect(await answered(second)).toBe('HTTP/1.1 200 OK');
  expect(await answered(third)).toBe('HTTP/1.1 200 OK');
  expect(server.refused()).toBe(0);
});

test('whoever was answered is silent since then', async () => {
  const server = await limited({ maxConnections: 2 }, quick);
  const asked = await server.asking();
  expect(String(await once(asked, 'data'))).toContain('200 OK');
  const silent = await server.silent();
  const next = await server.silent();
  await gone(asked);
  expect(await answered(silent)).toBe('HTTP/1.1 200 OK');
  expect(await answered(next)).toBe('HTTP/1.1 200 OK');
});

test('the address with the most silent connections gives the place, this machine last', async () => {
  const server = await limited({ maxConnections: 5 }, quick);
  const own = [await server.silent(), await server.silent()];
  const honest = await server.silent('192.0.2.1');
  const many = [await server.silent('192.0.2.9'), await server.silent('192.0.2.9')];
  const next = await server.silent('192.0.2.2');
  await gone(many[0]!);
  // Of two with as many, the older.
  await server.silent('192.0.2.9');
  await gone(honest);
  await server.silent('192.0.2.9');
  await gone(many[1]!);
  for (const socket of [...own, next]) expect(await answered(socket)).toBe('HTTP/1.1 200 OK');
});

test('who is being answered keeps its place; one more is refused, counted, and takes nothing', async () => {
  const server = await limited({ maxConnections: 2 }, never);
  const busy = [await server.asking(), await server.asking()];
  await gone(await server.silent());
  expect(server.refused()).toBe(1);
  expect(busy.map(({ destroyed }) => destroyed)).toEqual([false, false]);
  busy[0]?.destroy();
  await gone(busy[0]!);
  const next = await server.asking();
  expect(next.destroyed).toBe(false);
});

test('an answer that nobody takes gives its place when its time is over, to this machine at once', async () => {
  const server = await limited({ maxConnections: 1, answerTimeoutMs: 0 }, never);
  const stuck = await server.asking('192.0.2.9');
  const next = await server.asking('192.0.2.1');
  await gone(stuck);
  expect(next.destroyed).toBe(false);
  const patient = await limited({ maxConnections: 1, answerTimeoutMs: 60_000 }, never);
  const other = await patient.asking('192.0.2.9');
  await gone(await patient.silent('192.0.2.1'));
  await patient.silent('127.0.0.1');
  await gone(other);
});

test('a client that says nothing is gone a second after the time for a request at the latest', async () => {
  const server = await limited({ maxConnections: 9 }, quick, 100);
  const [silent, half] = [await server.silent(), await server.silent()];
  half.write('GET / HTTP/1.1\r\n');
  await Promise.all([gone(silent), gone(half)]);
});

test('a thousand requests in one write get four answers made, and the connection is ended; others are served', async () => {
  let made = 0;
  const server = await limited({ maxConnections: 3 }, (_request, response) => {
    made += 1;
    setImmediate(() => response.end('ok'));
  });
  const [greedy, other] = [await server.silent(), await server.silent()];
  greedy.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(1000));
  await gone(greedy);
  expect(made).toBe(4);
  expect(await answered(other)).toBe('HTTP/1.1 200 OK');
});

test('a connection asks any number of times, one after the other, and four at a time', async () => {
  const server = await limited({ maxConnections: 1 }, quick);
  const client = await server.silent();
  for (let round = 0; round < 5; round++) {
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(4));
    await received(client, /(HTTP\/1\.1 200 OK[^]*?\r\n\r\nok){4}/);
  }
  expect(await answered(client)).toBe('HTTP/1.1 200 OK');
});

async function received(client: Socket, pattern: RegExp): Promise<void> {
  for (let text = ''; !pattern.test(text);) {
    const [chunk] = (await once(client, 'data')) as [Buffer];
    text += chunk.toString();
  }
}
