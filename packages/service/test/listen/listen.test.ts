import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { listenTcp, parseEndpoint } from '@socklab/service';
import { expect, onTestFinished, test } from 'vitest';
import { startFixture } from '../process.ts';
import { connected, readAll } from '../sockets.ts';
import type { Server } from 'node:net';

const tcp = (text: string) => parseEndpoint(text, 'tcp');
const portOf = (endpoint: string) => Number(/\d+$/.exec(endpoint)?.[0]);

function newServer(): Server {
  const server = createServer((socket) => socket.on('error', () => undefined).end('hello'));
  onTestFinished(() => void server.close());
  return server;
}

test.each(['tcp://127.0.0.1:0', 'tcp://[::1]:0', 'tcp://localhost:0'])(
  '%s listens, and reports the port the system chose',
  async (text) => {
    const server = newServer();
    const endpoint = await listenTcp(server, tcp(text));
    expect(endpoint).toMatch(/^tcp:\/\/(127\.0\.0\.1|\[::1\]):[1-9]\d*$/);
    const address = server.address();
    const host = typeof address === 'object' ? (address?.address ?? '') : '';
    expect(await readAll(await connected({ host, port: portOf(endpoint) }))).toBe('hello');
  },
);

test('a port in use names the address, who holds it, and three ways out', async () => {
  await using holder = startFixture('holder', ['tcp', 'tcp://127.0.0.1:0']);
  const endpoint = await holder.line(/^tcp:/);
  const error: unknown = await listenTcp(newServer(), tcp(endpoint)).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE', exitCode: 69, cause: { code: 'EADDRINUSE' } });
  const lines = (error as Error).message.split('\n');
  expect(lines).toEqual([
    expect.stringMatching(
      new RegExp(`^address in use: ${endpoint} is held by process ${holder.pid}: .*node.*holder\\.ts tcp tcp://127\\.0\\.0\\.1:0$`),
    ),
    `  stop it: kill ${holder.pid}`,
    '  choose another port with --listen; tcp://127.0.0.1:0 takes a free one',
    '  share it: start both with --reuse-port',
  ]);
});

test('a wildcard finds the holder of one address, and one address the holder of the wildcard', async () => {
  await using one = startFixture('holder', ['tcp', 'tcp://127.0.0.1:0']);
  const onePort = portOf(await one.line(/^tcp:/));
  await expect(listenTcp(newServer(), tcp(`tcp://0.0.0.0:${onePort}`))).rejects.toThrow(`process ${one.pid}:`);
  await using all = startFixture('holder', ['tcp', 'tcp://[::]:0']);
  const allPort = portOf(await all.line(/^tcp:/));
  await expect(listenTcp(newServer(), tcp(`tcp://127.0.0.1:${allPort}`))).rejects.toThrow(`process ${all.pid}:`);
});

test('a server whose port was in use can listen elsewhere', async () => {
  const holder = newServer();
  const endpoint = await listenTcp(holder, tcp('tcp://127.0.0.1:0'));
  const server = newServer();
  await expect(listenTcp(server, tcp(endpoint))).rejects.toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
  expect(server.listenerCount('error')).toBe(0);
  await expect(listenTcp(server, tcp('tcp://127.0.0.1:0'))).resolves.toMatch(/^tcp:/);
});

test('the flag that chose the address is the one the error names', async () => {
  const endpoint = await listenTcp(newServer(), tcp('tcp://127.0.0.1:0'));
  await expect(listenTcp(newServer(), tcp(endpoint), { flag: '--admin' })).rejects.toThrow('choose another port with --admin;');
});

test('binds again at once after a client left, with the connection still in TIME_WAIT', async () => {
  const first = createServer();
  const endpoint = await listenTcp(first, tcp('tcp://127.0.0.1:0'));
  const port = portOf(endpoint);
  const accepted = once(first, 'connection');
  const client = await connected({ port });
  const [socket] = await accepted;
  // The side that closes first is the one that waits.
  socket.end();
  client.resume();
  await Promise.all([once(socket, 'close'), once(client, 'close')]);
  first.close();
  await once(first, 'close');
  expect(await timeWaitPorts()).toContain(port);
  await expect(listenTcp(newServer(), tcp(endpoint))).resolves.toBe(endpoint);
});

test('two processes share a port when both say so', async () => {
  await using one = startFixture('holder', ['tcp', 'tcp://127.0.0.1:0', 'reuse-port']);
  const endpoint = await one.line(/^tcp:/);
  await using two = startFixture('holder', ['tcp', endpoint, 'reuse-port']);
  expect(await two.line(/^tcp:/)).toBe(endpoint);
  // The kernel picks by a hash of the addresses: among 200 clients both are met, with all but certainty.
  const met = new Set<string>();
  for (let client = 0; client < 200 && met.size < 2; client += 1) {
    met.add(await readAll(await connected({ port: portOf(endpoint) })));
  }
  expect([...met].toSorted()).toEqual([String(one.pid), String(two.pid)].toSorted());
});

test('a port is not shared when only one process says so', async () => {
  await using one = startFixture('holder', ['tcp', 'tcp://127.0.0.1:0']);
  const endpoint = await one.line(/^tcp:/);
  await expect(listenTcp(newServer(), tcp(endpoint), { reusePort: true })).rejects.toMatchObject({
    code: 'SERVICE_ERR_ADDRESS_IN_USE',
    message: expect.stringContaining(`process ${one.pid}:`),
  });
});

test('only a port can be shared', async () => {
  await expect(listenTcp(newServer(), tcp('unix:/nowhere.sock'), { reusePort: true })).rejects.toMatchObject({
    code: 'SERVICE_ERR_USAGE',
    message: 'unix:/nowhere.sock: only a tcp:// port can be shared with --reuse-port',
  });
});

test('a platform that cannot share a port is told apart from an address in use', async () => {
  // Simulated: the error is the one libuv gives on macOS and Windows, which this machine is not.
  const server = newServer();
  server.listen = () => {
    queueMicrotask(() => server.emit('error', Object.assign(new Error('listen ENOTSUP'), { code: 'ENOTSUP' })));
    return server;
  };
  await expect(listenTcp(server, tcp('tcp://127.0.0.1:0'), { reusePort: true })).rejects.toMatchObject({
    code: 'SERVICE_ERR_UNSUPPORTED',
    exitCode: 2,
    message: expect.stringMatching(/cannot share a port.*Linux 3\.9/),
  });
});

test.each([
  // 203.0.113.0/24 is reserved for documentation (RFC 5737): no machine has it.
  ['tcp://203.0.113.9:0', 'this machine does not have that address (EADDRNOTAVAIL)'],
  // The top level domain "invalid" never resolves (RFC 6761).
  ['tcp://nowhere.invalid:0', /the host name does not resolve \((ENOTFOUND|EAI_AGAIN)\)/],
  ['unix:/no/such/folder/echo.sock', 'no permission, or the folder does not exist (EACCES)'],
  ['fd:99', 'it is not an inherited stream socket'],
])('%s cannot be listened on: one line says why', async (text, reason) => {
  const error: unknown = await listenTcp(newServer(), tcp(text)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'SERVICE_ERR_LISTEN', exitCode: 1, message: expect.stringMatching(/^cannot listen on .*$/) });
  expect((error as Error).message).toMatch(reason);
});

/** Local ports with a connection in TIME_WAIT, state 06 of /proc/net/tcp. */
async function timeWaitPorts(): Promise<number[]> {
  const rows = [...(await readFile('/proc/net/tcp', 'utf8')).matchAll(/: [\dA-F]{8}:([\dA-F]{4}) \S+ 06 /g)];
  return rows.map(([, port = '']) => Number.parseInt(port, 16));
}
