import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { areQueuesShown } from '@socklab/probe';
import { closed, listening, readAll, receive } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { settingsOf, startProxy } from './setup.ts';
import type { Socket } from 'node:net';

/** The sizes of the reads of a socket that reads everything at once, until its peer ends. */
async function readSizes(socket: Socket): Promise<readonly number[]> {
  const sizes: number[] = [];
  socket.on('data', (chunk: Buffer) => sizes.push(chunk.length)).resume();
  await once(socket, 'end');
  return sizes;
}

describe('ends', () => {
  test.each(['pass', 'bytes:2', 'coalesce:50ms'])('of one side are passed on, and the other side goes on, with %s', async (plan) => {
    await using proxy = await startProxy({ plan });
    const { client, server } = await proxy.open();
    client.end('question');
    expect((await readAll(server)).toString()).toBe('question');
    server.write('answer');
    expect((await receive(client, 6)).toString()).toBe('answer');
    server.end(' and more');
    expect((await readAll(client)).toString()).toBe(' and more');
    expect(await proxy.log.waitFor('connection closed')).toMatchObject({
      reason: 'done',
      up: { bytesIn: 8, bytesOut: 8 },
      down: { bytesIn: 15, bytesOut: 15 },
    });
  });

  test('of the target come first as well', async () => {
    await using proxy = await startProxy();
    const { client, server } = await proxy.open();
    server.end('bye');
    expect((await readAll(client)).toString()).toBe('bye');
    client.end('late');
    expect((await readAll(server)).toString()).toBe('late');
    expect(await proxy.log.waitFor('connection closed')).toMatchObject({ reason: 'done' });
  });

  test('a slow direction still delivers what it has when the other side has closed', async () => {
    await using proxy = await startProxy({ plan: 'bytes:1000', bytesPerSecond: 400_000, direction: 'up' });
    const { client, server } = await proxy.open();
    server.end();
    client.end(Buffer.alloc(60_000, 'x'));
    await closed(client);
    expect((await readAll(server)).length).toBe(60_000);
  });

  test.each(['pass', 'bytes:2'])('a reset of the client is one of the target, with %s', async (plan) => {
    await using proxy = await startProxy({ plan });
    const { client, server } = await proxy.open();
    client.resetAndDestroy();
    expect(await closed(server)).toMatchObject({ code: 'ECONNRESET' });
    expect(await proxy.log.waitFor('connection closed')).toMatchObject({ reason: 'client-reset' });
  });

  test('a reset of the target is one of the client', async () => {
    await using proxy = await startProxy();
    const { client, server } = await proxy.open();
    server.write('x');
    await receive(client, 1);
    server.resetAndDestroy();
    expect(await closed(client)).toMatchObject({ code: 'ECONNRESET' });
    expect(await proxy.log.waitFor('connection closed')).toMatchObject({ reason: 'target-reset' });
  });

  test('a target that nobody listens at is a reset', async () => {
    const nobody = createServer();
    const targetPort = await listening(nobody);
    nobody.close();
    await once(nobody, 'close');
    await using proxy = await startProxy({ targetPort });
    const client = connect(proxy.port, '127.0.0.1');
    expect(await closed(client)).toMatchObject({ code: 'ECONNRESET' });
    expect(await proxy.log.waitFor('target not reached')).toMatchObject({ err: { code: 'ECONNREFUSED' } });
    expect(await proxy.log.waitFor('connection closed')).toMatchObject({ reason: 'connect-failed' });
  });
});

test('one connection more than allowed is reset, and the others go on', async () => {
  await using proxy = await startProxy({ maxConnections: 1 });
  const { client, server } = await proxy.open();
  const refused = connect(proxy.port, '127.0.0.1');
  expect(await closed(refused)).toMatchObject({ code: 'ECONNRESET' });
  client.end('still served');
  expect((await readAll(server)).toString()).toBe('still served');
  const metrics = await proxy.proxies.metrics.service.registry.metrics();
  expect(metrics).toContain('socklab_sticky_lab_proxy_connections_refused_total{reason="max-connections"} 1');
});

describe('pieces', () => {
  test('are read one by one with pace drain', async ({ skip }) => {
    if (!(await areQueuesShown())) skip('this system does not show the queues of its sockets');
    await using proxy = await startProxy({ plan: 'bytes:1', pace: { kind: 'drain' }, direction: 'up' });
    const { client, server } = await proxy.open();
    const sizes = readSizes(server);
    client.end('x'.repeat(40));
    expect(await sizes).toEqual(Array.from({ length: 40 }, () => 1));
    const metrics = await proxy.proxies.metrics.service.registry.metrics();
    expect(metrics).toContain('proxy_pieces_confirmed_total{direction="up"} 40');
  });

  test('are cut in the direction that was asked for alone', async () => {
    await using proxy = await startProxy({ plan: 'bytes:1', direction: 'down' });
    const { client, server } = await proxy.open();
    client.end('12345');
    await readAll(server);
    server.end('12345');
    await readAll(client);
    expect(await proxy.log.waitFor('connection closed')).toMatchObject({ up: { pieces: 1 }, down: { pieces: 5 } });
  });

  test('that are glued leave as one', async () => {
    await using proxy = await startProxy({ plan: 'coalesce:n=3' });
    const { client, server } = await proxy.open();
    const up = () => proxy.proxies.get('1')!.connections(1)[0]!.up;
    for (const [index, text] of ['a', 'b', 'c'].entries()) {
      client.write(text);
      while (up().bytesIn <= index) await turn();
    }
    expect((await receive(server, 3)).toString()).toBe('abc');
    expect(up()).toMatchObject({ bytesIn: 3, bytesOut: 3, pieces: 1 });
  });

  test('that wait for more leave after a while without it', async () => {
    await using proxy = await startProxy({ plan: 'coalesce:n=3' });
    const { client, server } = await proxy.open();
    client.write('alone');
    expect((await receive(server, 5)).toString()).toBe('alone');
  });
});

describe('time', () => {
  test('latency delays bytes and ends alike, and keeps their order', async () => {
    await using proxy = await startProxy({ latency: { delayMs: 40, jitterMs: 40 }, direction: 'up' });
    const { client, server } = await proxy.open();
    for (let index = 0; index < 50; index++) client.write(`${index},`);
    client.end();
    expect((await readAll(server)).toString()).toBe(Array.from({ length: 50 }, (_, index) => `${index},`).join(''));
    await using late = await startProxy({ latency: { delayMs: 60, jitterMs: 0 } });
    const pair = await late.open();
    const sentAt = performance.now();
    pair.client.write('x');
    await receive(pair.server, 1);
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(55);
  });

  test('a rate is not exceeded', async () => {
    await using proxy = await startProxy({ bytesPerSecond: 100_000, direction: 'down' });
    const { client, server } = await proxy.open();
    const startedAt = performance.now();
    server.end(Buffer.alloc(30_000));
    expect((await readAll(client)).length).toBe(30_000);
    // What 20 ms carry may leave at once at either end.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(250);
  });
});

test('a change holds for connections that are open, but for a plan that needs frames in the middle of a stream', async () => {
  await using proxy = await startProxy({ framing: 'u16be' });
  const { client, server } = await proxy.open();
  client.write('abc');
  await receive(server, 3);
  const running = proxy.proxies.get('1')!;
  expect(running.configure(settingsOf({ plan: 'bytes:1' }))).toBe(0);
  client.write('defg');
  await receive(server, 4);
  expect(running.connections(1)[0]!.up.pieces).toBe(5);
  expect(running.configure(settingsOf({ plan: 'prefix' }))).toBe(1);
  client.write('hi');
  await receive(server, 2);
  expect(running.connections(1)[0]!.up.pieces).toBe(7);
  expect(running.summary).toMatchObject({ plan: 'prefix', connections: 1 });
});
