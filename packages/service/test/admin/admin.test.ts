import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createProgram } from '@socklab/service';
import { expect, test } from 'vitest';
import { adminOption, parseAdmin } from '../../src/admin/admin.ts';
import { startFixture } from '../process.ts';
import { ask, connected, readAll } from '../sockets.ts';
import type { Fixture } from '../process.ts';

async function adminOf(service: Fixture): Promise<string> {
  const { endpoint } = await service.log('admin listening');
  return String(endpoint).replace('tcp://', 'http://');
}

const answerOf = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, { ...init, headers: { connection: 'close' } });
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
};

test('answers liveness, readiness, metrics and version', async () => {
  await using service = startFixture('service', ['--admin', '127.0.0.1:0']);
  await service.log('listening');
  const admin = await adminOf(service);
  expect(await answerOf(`${admin}/livez`)).toMatchObject({ status: 200, text: 'ok' });
  expect(await answerOf(`${admin}/readyz`)).toMatchObject({ status: 200, text: 'ready' });
  expect(await answerOf(`${admin}/metrics`)).toMatchObject({
    status: 200,
    text: expect.stringContaining('process_resident_memory_bytes'),
    type: 'text/plain; version=0.0.4; charset=utf-8',
  });
  const version = await answerOf(`${admin}/version`);
  expect(JSON.parse(version.text)).toEqual({ name: 'fixture-app', version: '1.2.3', node: process.version });
});

test.each([
  ['/', 'GET'],
  ['/livez/x', 'GET'],
  ['/livez', 'POST'],
  ['/metrics', 'DELETE'],
])('anything else is 404: %s by %s', async (path, method) => {
  await using service = startFixture('service', ['--admin', '127.0.0.1:0']);
  expect(await answerOf(`${await adminOf(service)}${path}`, { method })).toMatchObject({ status: 404 });
});

test('is not ready while it starts', async () => {
  await using service = startFixture('service', ['--admin', '127.0.0.1:0', '--start', 'until-aborted']);
  await service.log('starting');
  const admin = await adminOf(service);
  expect(await answerOf(`${admin}/readyz`)).toMatchObject({ status: 503, text: 'starting' });
  expect(await answerOf(`${admin}/livez`)).toMatchObject({ status: 200 });
});

test('is not ready from the signal on, still live while it drains, and gone after', async () => {
  await using service = startFixture('service', ['--admin', '127.0.0.1:0']);
  const admin = await adminOf(service);
  const client = await connected({ port: await service.port() });
  expect(await ask(client, 'hello')).toBe('hello');
  service.child.kill('SIGTERM');
  await service.log('draining');
  expect(await answerOf(`${admin}/readyz`)).toMatchObject({ status: 503, text: 'draining' });
  expect(await answerOf(`${admin}/livez`)).toMatchObject({ status: 200, text: 'ok' });
  client.end();
  expect((await service.exit()).code).toBe(0);
  await expect(fetch(`${admin}/livez`)).rejects.toThrow();
});

test('an open admin connection does not hold up the exit', async () => {
  await using service = startFixture('service', ['--admin', '127.0.0.1:0']);
  const { port } = new URL(await adminOf(service));
  const idle = await connected({ port: Number(port) });
  await service.log('listening');
  service.child.kill('SIGTERM');
  expect((await service.exit()).code).toBe(0);
  expect(await readAll(idle)).toBe('');
});

test('its port in use is the error of the program: exit 69, and --admin is the way out', async () => {
  await using holder = startFixture('holder', ['tcp', 'tcp://127.0.0.1:0']);
  const endpoint = await holder.line(/^tcp:/);
  await using service = startFixture('service', ['--admin', endpoint]);
  const { code, stderr } = await service.exit();
  expect(code).toBe(69);
  expect(stderr).toMatch(new RegExp(`^fixture-app: address in use: ${endpoint} is held by process ${holder.pid}:`));
  expect(stderr).toContain('choose another port with --admin');
});

test('a wildcard says what is exposed', async () => {
  await using service = startFixture('service', ['--admin', '0.0.0.0:0']);
  expect(await service.log('admin listening')).toMatchObject({ endpoint: expect.stringContaining('0.0.0.0') });
  expect(await service.log('exposed on every network of this machine; listen on 127.0.0.1 or [::1] for this machine only')).toMatchObject({
    level: 'warn',
    endpoint: expect.stringMatching(/^tcp:\/\/0\.0\.0\.0:\d+$/),
    reachableAt: expect.any(Array),
  });
});

test('is off unless asked for', async () => {
  const program = createProgram({ name: 'demo-app', version: '1', description: '' }).addOption(adminOption('demo-app'));
  expect(program.opts()['admin']).toBe('off');
  expect(parseAdmin('off')).toBe('off');
  expect(parseAdmin('127.0.0.1:9090')).toEqual({ kind: 'ip', host: '127.0.0.1', port: 9090 });
  expect(() => parseAdmin('9090')).toThrow(/not an endpoint/);
  await using service = startFixture('service', []);
  await service.log('listening');
  service.child.kill('SIGTERM');
  expect((await service.exit()).stdout).not.toContain('admin');
});

test('connections that say nothing are bounded, and take nothing from a health check', async () => {
  await using service = startFixture('service', ['--admin', '127.0.0.1:0']);
  const admin = await adminOf(service);
  const { port } = new URL(admin);
  const silent = [];
  for (let each = 0; each < 100; each += 1) silent.push(await connected({ port: Number(port) }));
  // The oldest connections gave their places to the others.
  for (const socket of silent.slice(0, 36)) if (!socket.closed) await once(socket.resume(), 'close');
  for (let check = 0; check < 10; check += 1) expect(await answerOf(`${admin}/livez`)).toMatchObject({ status: 200, text: 'ok' });
  for (const socket of silent) socket.destroy();
});

test.skipIf(process.platform !== 'linux')('a health check waits behind 64 connections at most', async () => {
  await using service = startFixture('service', ['--admin', '127.0.0.1:0']);
  const port = Number(new URL(await adminOf(service)).port);
  // It accepts nothing while it stands still.
  service.child.kill('SIGSTOP');
  const clients = Array.from({ length: 100 }, () => connect({ port, host: '127.0.0.1' }));
  const waiting = (): number => clients.filter(({ connecting }) => !connecting).length;
  // A connection of this machine is there, or is not, within the call that asks for it.
  while (waiting() < 60) await nextTurn();
  for (let turns = 0; turns < 20; turns += 1) await nextTurn();
  expect(waiting()).toBeLessThan(70);
  for (const client of clients) client.destroy();
});
