import { spawnSync } from 'node:child_process';
import { createLogger } from '@socklab/service';
import { captureLog, freePort, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { connectNats } from '../../src/room/bus/nats.ts';
import { scrapeUntil } from '../scrape.ts';
import { startServer } from '../start.ts';
import { enterRoom } from './room-client.ts';
import type { Program } from '@socklab/testkit';

// Debian puts it where only root's PATH looks.
const BROKER = ['nats-server', '/usr/sbin/nats-server'].find((command) => spawnSync(command, ['--version']).status === 0);
if (BROKER === undefined && process.env['SOCKLAB_REQUIRE_PEERS'] === '1') throw new Error('nats-server is not installed');

async function startBroker(port: number): Promise<Program> {
  const broker = startCommand([BROKER ?? '', '--addr', '127.0.0.1', '--port', String(port)]);
  await broker.line(/Server is ready/, 'stderr');
  return broker;
}

const KEY = '00112233445566778899aabbccddeeff';

function startReplica(port: number, args: readonly string[] = []) {
  return startServer([
    ...args,
    '--topology',
    'many-to-many',
    '--bus',
    `nats://127.0.0.1:${port}`,
    '--cookie-key',
    KEY,
    '--admin',
    '127.0.0.1:0',
  ]);
}

test.skipIf(BROKER === undefined)('members of two replicas hear each other; a broker that dies and comes back stops nobody', async () => {
  const port = await freePort();
  await using first = await startBroker(port);
  await using one = await startReplica(port);
  await using two = await startReplica(port);
  await Promise.all([one, two].map(({ program }) => program.log('bus connected')));
  await using ann = await enterRoom(one.port, 'ann');
  await using bob = await enterRoom(one.port, 'bob');
  await using cy = await enterRoom(two.port, 'cy');
  await ann.say('hi');
  expect(await Promise.all([bob.hear(), cy.hear()])).toEqual(['ann: hi', 'ann: hi']);
  await cy.say('ho');
  expect(await Promise.all([ann.hear(), bob.hear()])).toEqual(['cy: ho', 'cy: ho']);

  first.signal('SIGKILL');
  await Promise.all([one, two].map(({ program }) => program.log('bus lost: local delivery continues')));
  await ann.say('anybody?');
  expect(await bob.hear()).toBe('ann: anybody?');
  await scrapeUntil(one.program, ({ bus_connected: isUp }) => isUp === 0);

  await using second = await startBroker(port);
  await Promise.all([one, two].map(({ program }) => program.log('bus connected again')));
  await cy.say('I am back');
  expect(await Promise.all([ann.hear(), bob.hear()])).toEqual(['cy: I am back', 'cy: I am back']);
  await ann.say('so am I');
  // What was said while the broker was away waited, unless the other replica was not back yet when it left.
  const heard = await cy.hear();
  expect(heard === 'ann: anybody?' ? await cy.hear() : heard).toBe('ann: so am I');
  const metrics = await scrapeUntil(one.program, ({ bus_connected: isUp }) => isUp === 1);
  expect(metrics).toMatchObject({ bus_reconnects_total: 1, bus_published_total: 3 });
  expect(second.pid).not.toBe(first.pid);
  for (const { program } of [one, two]) program.signal('SIGTERM');
  expect([(await one.program.exit()).code, (await two.program.exit()).code]).toEqual([0, 0]);
});

test.skipIf(BROKER === undefined || process.platform !== 'linux')('members of all workers of a replica hear each other', async () => {
  const port = await freePort();
  await using broker = await startBroker(port);
  await using server = await startReplica(port, ['--workers', '2']);
  await server.program.log('bus connected', { nth: 2 });
  await using clients = new AsyncDisposableStack();
  const members = [];
  for (let index = 0; index < 12; index++) members.push(clients.use(await enterRoom(server.port, `${index}`)));
  await members[0]!.say('hi');
  expect(await Promise.all(members.slice(1).map((member) => member.hear()))).toEqual(members.slice(1).map(() => '0: hi'));
  const workers = new Set(server.program.logs('bus connected').map(({ worker }) => worker));
  expect(workers).toEqual(new Set([1, 2]));
  expect(broker.pid).toBeGreaterThan(0);
});

test.skipIf(BROKER === undefined)('a broker that is not there yet is waited for, and what was said meanwhile is bounded', async () => {
  const port = await freePort();
  const log = captureLog();
  const received: string[] = [];
  const bus = connectNats({
    url: new URL(`nats://127.0.0.1:${port}`),
    subject: 'socklab.room.test',
    onMessage: (message) => received.push(String(Buffer.from(message))) > 0,
    log: createLogger({ app: 'test', destination: log.destination }),
  });
  for (let index = 0; index < 1005; index++) bus.publish(Buffer.from(`message ${index}`));
  await log.waitFor('bus not reachable: still trying');
  expect(bus.counts).toMatchObject({ isConnected: false, published: 0, dropped: 5 });
  await using broker = await startBroker(port);
  await log.waitFor('bus connected');
  expect(bus.counts).toMatchObject({ isConnected: true, published: 1000 });
  await bus.close();
  // Its own words do not come back.
  expect(received).toEqual([]);
  expect(broker.pid).toBeGreaterThan(0);
});

test('a bus that is closed while it looks for its broker ends', async () => {
  const port = await freePort();
  const log = captureLog();
  const bus = connectNats({
    url: new URL(`nats://127.0.0.1:${port}`),
    subject: 'socklab.room.test',
    onMessage: () => true,
    log: createLogger({ app: 'test', destination: log.destination }),
  });
  await log.waitFor('bus not reachable: still trying');
  await bus.close();
  expect(bus.counts.isConnected).toBe(false);
});

test.skipIf(BROKER === undefined)(
  'a broker that is there and takes nothing is away: what is said is bounded, and goes on once it answers',
  async () => {
    const port = await freePort();
    await using broker = await startBroker(port);
    const log = captureLog();
    const connect = (onMessage: (message: Uint8Array) => boolean) =>
      connectNats({
        url: new URL(`nats://127.0.0.1:${port}`),
        subject: 'socklab.room.test',
        onMessage,
        log: createLogger({ app: 'test', destination: log.destination }),
        confirmLimitMs: 200,
      });
    const received: string[] = [];
    const other = connect((message) => received.push(String(Buffer.from(message.subarray(0, 12))).trim()) > 0);
    const bus = connect(() => true);
    await log.waitFor('bus connected', 2);
    broker.signal('SIGSTOP');
    // 24 MB: far more than the socket takes.
    for (let index = 0; index < 20_000; index++) bus.publish(Buffer.from(`${index}`.padEnd(1200)));
    await log.waitFor('bus does not answer: local delivery continues');
    expect(bus.counts.isConnected).toBe(false);
    // At most 1 MiB is with the client, and as much waits.
    expect(bus.counts.published).toBeLessThan(1000);
    expect(bus.counts.published + bus.counts.dropped).toBeGreaterThan(20_000 - 1000);
    broker.signal('SIGCONT');
    await log.waitFor('bus answers again');
    bus.publish(Buffer.from('the last one'));
    await expect.poll(() => received.at(-1)).toBe('the last one');
    expect(received).toContain('19999');
    await Promise.all([bus.close(), other.close()]);
  },
);

test('a broker that cannot be reached is one line without a stack', async () => {
  const port = await freePort();
  const log = captureLog();
  const bus = connectNats({
    url: new URL(`nats://127.0.0.1:${port}`),
    subject: 'socklab.room.test',
    onMessage: () => true,
    log: createLogger({ app: 'test', destination: log.destination }),
  });
  await log.waitFor('bus not reachable: still trying');
  await bus.close();
  expect(log.lines).toEqual([expect.objectContaining({ level: 'warn', error: expect.any(String) })]);
  expect(JSON.stringify(log.lines)).not.toMatch(/\bat .*:\d+:\d+|stack/);
});
