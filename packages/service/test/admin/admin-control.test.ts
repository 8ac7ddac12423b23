import { createLogger, createMetrics } from '@socklab/service';
import { captureLog } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { openAdmin } from '../../src/admin/admin.ts';
import { ask, connected } from '../sockets.ts';
import type { ControlRequest } from '../../src/admin/control-route.ts';
import type { ControlRoute } from '@socklab/service';

async function openControl(control: readonly ControlRoute[]) {
  const log = createLogger({ app: 'test', format: 'json', destination: captureLog().destination });
  const admin = await openAdmin(
    { listen: { kind: 'ip', host: '127.0.0.1', port: 0 }, app: 'test', version: '1.0.0', metrics: createMetrics('test'), control },
    log,
    { readiness: () => 'ready', metrics: () => Promise.resolve(''), route: () => undefined },
  );
  const url = admin!.endpoint.replace('tcp:', 'http:');
  return { url, [Symbol.asyncDispose]: () => admin!.close() };
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Two routes that answer what they were asked. */
const ECHO: readonly ControlRoute[] = (['GET', 'PATCH'] as const).map((method) => ({
  method,
  path: '/things/:id',
  answer: ({ params, body }: ControlRequest) =>
    params['id'] === '0' ? { status: 404, body: { error: 'none' } } : { status: 200, body: { method, params, body: body ?? null } },
}));

test('answers each method of a path with its route, and the parameters of the path', async () => {
  await using admin = await openControl(ECHO);
  const asked = await fetch(`${admin.url}/things/7`);
  expect(await asked.json()).toEqual({ method: 'GET', params: { id: '7' }, body: null });
  expect(asked.headers.get('cache-control')).toBe('no-store');
  const changed = await fetch(`${admin.url}/things/7`, { method: 'PATCH', headers: JSON_TYPE, body: '{"plan":"drip"}' });
  expect(await changed.json()).toEqual({ method: 'PATCH', params: { id: '7' }, body: { plan: 'drip' } });
  expect((await fetch(`${admin.url}/things/0`)).status).toBe(404);
  expect((await fetch(`${admin.url}/things/7`, { method: 'DELETE' })).status).toBe(404);
});

test.each([
  ['no content type', {}, '{}', 415],
  ['a type that a page may send without being asked', { 'content-type': 'text/plain' }, '{}', 415],
  ['no JSON', JSON_TYPE, '{"plan":', 400],
  ['64 KiB', JSON_TYPE, JSON.stringify('x'.repeat(65_534)), 200],
  ['a byte more than 64 KiB', JSON_TYPE, JSON.stringify('x'.repeat(65_535)), 413],
])('a change with %s', async (_, headers, body, status) => {
  await using admin = await openControl(ECHO);
  const response = await fetch(`${admin.url}/things/7`, { method: 'PATCH', headers, body: Buffer.from(body) });
  expect(response.status).toBe(status);
});

test('a request for another host is refused', async () => {
  await using admin = await openControl(ECHO);
  const { port } = new URL(admin.url);
  const socket = await connected({ host: '127.0.0.1', port: Number(port) });
  const answer = await ask(socket, 'GET /things/7 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r');
  expect(answer).toMatch(/^HTTP\/1.1 403 /);
});

test('a path that is not there names those that are', async () => {
  await using admin = await openControl(ECHO);
  expect(await (await fetch(`${admin.url}/nope`)).text()).toBe('not found: /livez /readyz /metrics /version /things/:id');
});
