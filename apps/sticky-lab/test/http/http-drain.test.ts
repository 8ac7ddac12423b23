import { once } from 'node:events';
import { createServer } from 'node:http';
import { closed, connectTo, listening } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createHttpDrain } from '../../src/http/http-drain.ts';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const never = new AbortController().signal;

// So long that an idle connection which only its timeout ends is a test that fails.
const KEEP_ALIVE_MS = 3_600_000;

async function answered(socket: Socket): Promise<string> {
  socket.write(REQUEST);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

async function start(): Promise<{ readonly server: Server; readonly port: number; readonly drain: ReturnType<typeof createHttpDrain> }> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (_request, response) => response.end('ok'));
  const drain = createHttpDrain(server);
  return { server, port: await listening(server), drain };
}

/** The next request, left for the test to answer. */
async function nextRequest(server: Server): Promise<ServerResponse> {
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  return response;
}

test('closes a keep-alive connection that is idle after its answer', async () => {
  const { port, drain } = await start();
  const socket = await connectTo(port);
  await expect(answered(socket)).resolves.toMatch(/^HTTP\/1.1 200/);
  const ended = closed(socket);
  await drain(never);
  await ended;
});

test('closes a connection on which nothing was ever sent', async () => {
  const { server, port, drain } = await start();
  const accepted = once(server, 'connection');
  const socket = await connectTo(port);
  await accepted;
  const ended = closed(socket);
  await drain(never);
  await ended;
});

test('lets an answer under way finish, then closes its connection', async () => {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const drain = createHttpDrain(server);
  const port = await listening(server);
  const requested = nextRequest(server);
  const socket = await connectTo(port);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.write(REQUEST);
  const response = await requested;
  const drained = drain(never);
  response.end('late');
  await drained;
  await closed(socket);
  expect(text).toMatch(/\r\n\r\nlate$/);
});

test('takes no new connection', async () => {
  const { port, drain } = await start();
  await drain(never);
  await expect(connectTo(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test.each(['before', 'after'])('cuts an answer that does not end, the signal aborting %s the drain begins', async (when) => {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const drain = createHttpDrain(server);
  const port = await listening(server);
  const requested = nextRequest(server);
  const socket = await connectTo(port);
  socket.write(REQUEST);
  await requested;
  const controller = new AbortController();
  if (when === 'before') controller.abort();
  const drained = drain(controller.signal);
  controller.abort();
  await drained;
  await closed(socket);
});
