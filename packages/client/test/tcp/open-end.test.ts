import { once } from 'node:events';
import { createServer } from 'node:net';
import { closeSocket, openSocket } from '@socklab/client';
import { listening } from '@socklab/testkit';
import { expect, test } from 'vitest';
import type { Server, Socket } from 'node:net';

/** A server that keeps every connection as it is. */
async function keeping(): Promise<{ readonly server: Server; readonly port: number; next(): Promise<Socket> } & AsyncDisposable> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  const port = await listening(server);
  const open = new Set<Socket>();
  server.on('connection', (socket) => open.add(socket.on('error', () => undefined)));
  return {
    server,
    port,
    next: async () => ((await once(server, 'connection')) as [Socket])[0],
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      if (server.listening) await server[Symbol.asyncDispose]();
    },
  };
}

test('a connection that its signal gives up rejects with the reason, before it connects or while', async () => {
  await using kept = await keeping();
  const target = { host: '127.0.0.1', port: kept.port };
  const reason = new Error('left');
  await expect(openSocket({ target, timeoutMs: 10_000, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const giving = new AbortController();
  const opening = openSocket({ target, timeoutMs: 10_000, signal: giving.signal });
  giving.abort(reason);
  await expect(opening).rejects.toBe(reason);
});

test('a signal that comes once a connection is open leaves it alone', async () => {
  await using kept = await keeping();
  const giving = new AbortController();
  const socket = await openSocket({ target: { host: '127.0.0.1', port: kept.port }, timeoutMs: 10_000, signal: giving.signal });
  giving.abort();
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});

test('nobody listens: the error is that of the system', async () => {
  const { port, server } = await keeping();
  await server[Symbol.asyncDispose]();
  await expect(openSocket({ target: { host: '127.0.0.1', port }, timeoutMs: 10_000 })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('closing waits for a peer that ends its side, and is cut short by one that does not', async () => {
  await using kept = await keeping();
  const target = { host: '127.0.0.1', port: kept.port };
  const [polite, first] = await Promise.all([kept.next(), openSocket({ target, timeoutMs: 10_000 })]);
  polite.resume().on('end', () => polite.end('late bytes'));
  await closeSocket(first, 60_000);
  expect(first).toMatchObject({ destroyed: true, bytesRead: 'late bytes'.length });
  await closeSocket(first, 60_000);
  const [, second] = await Promise.all([kept.next(), openSocket({ target, timeoutMs: 10_000 })]);
  await closeSocket(second, 20);
  expect(second.destroyed).toBe(true);
});
