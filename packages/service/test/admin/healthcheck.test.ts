import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkHealth, runHealthcheck } from '../../src/admin/healthcheck.ts';
import type { RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** An admin endpoint that gives one answer. */
async function serving(answer: RequestListener, where?: string): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer(answer);
  if (where === undefined) server.listen(0, '127.0.0.1');
  else server.listen(where);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo | null)?.port ?? 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Something else on the port. */
async function listener(serve: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createNetServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const readiness: RequestListener = (request, response) => {
  response.setHeader('server', 'app');
  response.statusCode = request.url === '/readyz' && request.headers.host === 'localhost' ? 200 : 500;
  response.end('ready');
};

async function outcomeOf(env: Record<string, string>): Promise<{ readonly text: string; readonly exitCode: unknown }> {
  let text = '';
  const host = { env, stdout: { write: (chunk: string) => (text += chunk) !== '' }, exitCode: undefined };
  await runHealthcheck('app', host);
  return { text, exitCode: host.exitCode };
}

test('exits with 0 when /readyz of the service answers that it is ready, on an address, a wildcard or a socket file', async () => {
  await using server = await serving(readiness);
  const folder = await mkdtemp(join(tmpdir(), 'socklab-'));
  const path = join(folder, 'admin.sock');
  await using other = await serving(readiness, path);
  expect(other.port).toBe(0);
  for (const address of [`127.0.0.1:${server.port}`, `tcp://0.0.0.0:${server.port}`, `unix:${path}`]) {
    expect(await outcomeOf({ APP_ADMIN: address }), address).toEqual({ text: 'ready\n', exitCode: 0 });
  }
  await rm(folder, { recursive: true });
});

test('exits with 1 while the service drains, and says so', async () => {
  await using server = await serving((_, response) => response.writeHead(503, { server: 'app' }).end('draining'));
  expect(await outcomeOf({ APP_ADMIN: `127.0.0.1:${server.port}` })).toEqual({ text: 'draining\n', exitCode: 1 });
});

test('takes no other answer for a yes, and shows no more of it than a line', async () => {
  await using server = await serving((_, response) => response.writeHead(404).end(`<p>\n${'x'.repeat(100_000)}`));
  const { isReady, text } = await checkHealth('app', `127.0.0.1:${server.port}`);
  expect(isReady).toBe(false);
  expect(text).toBe(`127.0.0.1:${server.port}: somebody, not app, answered 404: <p>\\n${'x'.repeat(252)}`);
});

test.each([
  ['a page of another service', {}, 200, '<html>', 'somebody, not app, answered 200: <html>'],
  ['another service of ours that is ready', { server: 'other-app' }, 200, 'ready', 'other-app, not app, answered 200: ready'],
  ['an overloaded proxy', { server: 'nginx' }, 503, 'busy', 'nginx, not app, answered 503: busy'],
  ['a word that is no readiness', { server: 'app' }, 200, 'starting', 'app answered 200: starting'],
  ['another status', { server: 'app' }, 204, '', 'app answered 204: '],
  ['a redirection', { server: 'app', location: '/livez' }, 302, '', 'app answered 302: '],
])('%s is no yes', async (_, headers, status, answer, text) => {
  await using server = await serving((_request, response) => response.writeHead(status, headers).end(answer));
  expect(await outcomeOf({ APP_ADMIN: `127.0.0.1:${server.port}` })).toEqual({
    text: `127.0.0.1:${server.port}: ${text}\n`,
    exitCode: 1,
  });
});

test('something that is no HTTP is no yes', async () => {
  await using server = await listener((socket) => socket.resume().end('220 welcome\r\n'));
  const { isReady, text } = await checkHealth('app', `127.0.0.1:${server.port}`);
  expect({ isReady, text }).toEqual({ isReady: false, text: expect.stringMatching(/^APP_ADMIN: Parse Error/) });
});

test('gives up on a service that does not answer', async () => {
  await using server = await serving(() => {});
  expect(await checkHealth('app', `127.0.0.1:${server.port}`, 20)).toEqual({
    isReady: false,
    text: 'APP_ADMIN: no answer within 20 ms',
  });
});

test('gives up on an answer that does not end', async () => {
  await using server = await serving((_, response) => void response.writeHead(200).write('rea'));
  expect(await checkHealth('app', `127.0.0.1:${server.port}`, 200)).toEqual({
    isReady: false,
    text: 'APP_ADMIN: no answer within 200 ms',
  });
});

test.each([
  ['off', 'APP_ADMIN is off: a health check asks the address that it has, as 127.0.0.1:9090'],
  [undefined, 'APP_ADMIN is not set: a health check asks the address that it has, as 127.0.0.1:9090'],
  ['127.0.0.1:0', 'APP_ADMIN: 127.0.0.1:0 does not say where to ask; give HOST:PORT, with the port that is listened on, or unix:/path'],
  ['fd:3', 'APP_ADMIN: fd:3 does not say where to ask; give HOST:PORT, with the port that is listened on, or unix:/path'],
  ['127.0.0.1:http', 'APP_ADMIN: 127.0.0.1:http: "http" is not a port: give a whole number from 0 to 65535'],
])('says what is wrong with the address %s', async (address, text) => {
  expect(await checkHealth('app', address)).toEqual({ isReady: false, text });
});
