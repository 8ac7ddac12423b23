import { networkInterfaces } from 'node:os';
import { createLogger, createMetrics } from '@socklab/service';
import { temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { foreignHost, isLoopbackAddress } from '../../src/admin/admin-access.ts';
import { openAdmin } from '../../src/admin/admin.ts';
import { startFixture } from '../process.ts';
import { connected, readAll } from '../sockets.ts';

/** What comes back to a request as it is written here; `fetch` would not send these. */
async function request(
  target: { readonly host: string; readonly port: number } | { readonly path: string },
  path: string,
  host?: string,
): Promise<string> {
  const socket = await connected(target);
  const hostLine = host === undefined ? '' : `Host: ${host}\r\n`;
  socket.write(`GET ${path} HTTP/1.1\r\n${hostLine}Connection: close\r\n\r\n`);
  return readAll(socket);
}

const statusOf = (response: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(response)?.[1]);

async function portOf(service: ReturnType<typeof startFixture>): Promise<number> {
  const { endpoint } = await service.log('admin listening');
  return Number(/\d+$/.exec(String(endpoint))?.[0]);
}

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['128.0.0.1', false],
  ['0.0.0.0', false],
  ['::', false],
  ['::ffff:10.0.0.1', false],
  ['localhost', false],
  ['', false],
])('is %j an address that only this machine reaches: %s', (address, is) => {
  expect(isLoopbackAddress(address)).toBe(is);
});

test.each(['localhost', 'LocalHost:9090', '127.0.0.1:9090', '[::1]:9090', '[::1]', 'box.example:9090', '127.0.0.2'])(
  'Host %s is this machine',
  (header) => {
    expect(foreignHost(header, ['box.example'])).toBeUndefined();
  },
);

test.each([
  'evil.example',
  'localhost.evil.example',
  'evil.example:9090',
  '10.0.0.1',
  '::1',
  '',
  'localhost:123456',
  '127.0.0.1.evil.example',
])('Host %j is foreign: the answer says what was seen and what is allowed', (header) => {
  expect(foreignHost(header, ['box.example'])).toBe(
    `forbidden: Host is ${header}, which is not this machine; allowed: localhost, 127.0.0.1, [::1], box.example`,
  );
});

test.each(['/livez', '/readyz', '/metrics', '/version', '/connections', '/nothing'])(
  'a page of another name that resolves here reads no %s',
  async (path) => {
    await using service = startFixture('workers', ['--admin', '127.0.0.1:0']);
    const target = { host: '127.0.0.1', port: await portOf(service) };
    const refused = await request(target, path, 'evil.example');
    expect(statusOf(refused)).toBe(403);
    expect(refused).toMatch(/forbidden: Host is evil\.example, which is not this machine; allowed: localhost, 127\.0\.0\.1, \[::1\]/);
    expect(statusOf(await request(target, path, `localhost:${target.port}`))).not.toBe(403);
  },
);

test('what a service adds is JSON to this machine, and listed where a path is not found', async () => {
  await using service = startFixture('workers', ['--admin', '127.0.0.1:0']);
  const target = { host: '127.0.0.1', port: await portOf(service) };
  const client = await connected({ port: await service.port() });
  const answer = await request(target, '/connections', 'localhost');
  expect(answer).toMatch(/content-type: application\/json/i);
  expect(answer).toMatch(/cache-control: no-store/i);
  expect(answer.split('\r\n\r\n')[1]).toContain(`{"port":${client.localPort},"pid":${service.pid}}`);
  expect(await request(target, '/nothing', 'localhost')).toContain(
    'not found: /livez /readyz /metrics /version /connections /pid /unanswerable',
  );
  expect(await request(target, '/unanswerable', 'localhost')).toMatch(/^HTTP\/1\.1 500[^]*failed: no answer to that$/);
});

test('a socket file is this machine, whatever the Host header says', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/admin.sock`;
  await using service = startFixture('workers', ['--admin', `unix:${path}`]);
  await service.log('listening');
  expect(statusOf(await request({ path }, '/connections', 'anything.example'))).toBe(200);
});

const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address;

test.runIf(outside !== undefined)('from another address what a service adds is 403, under any name; the rest is answered', async () => {
  await using service = startFixture('workers', ['--admin', '0.0.0.0:0']);
  const target = { host: outside ?? '', port: await portOf(service) };
  const refused = await request(target, '/connections', 'localhost');
  expect(statusOf(refused)).toBe(403);
  expect(refused).toContain('forbidden: /connections is only served to this machine');
  expect(statusOf(await request(target, '/metrics', 'monitoring.example'))).toBe(200);
  expect(statusOf(await request({ host: '127.0.0.1', port: target.port }, '/connections', 'localhost'))).toBe(200);
});

test('a route that is taken is a fault of the program', async () => {
  const options = { listen: { kind: 'ip', host: '127.0.0.1', port: 0 }, app: 'x', version: '1', metrics: createMetrics('x') } as const;
  const source = { readiness: () => 'ready' as const, metrics: async () => '', route: () => undefined };
  const opened = openAdmin({ ...options, routes: { '/metrics': () => 1 } }, createLogger({ app: 'x', level: 'silent' }), source);
  await expect(opened).rejects.toThrow('the admin route /metrics is already in use');
});
