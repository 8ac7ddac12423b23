import { once } from 'node:events';
import { connectTo } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { ask, roundTrip, startObserved } from '../observed.ts';
import type { Admin } from '../observed.ts';
import type { Echo } from '../start.ts';
import type { Socket } from 'node:net';

interface Observed {
  readonly echo: Echo;
  readonly admin: Admin;
}

/** Asks until it is so; each question is a round trip to the service. */
async function untilMetric(admin: Admin, series: string, holds: (value: number) => boolean): Promise<void> {
  while (!holds(await admin.metric(series)));
}

/** Sends without reading until the service has answers that it cannot send. */
async function fillUp(client: Socket, { admin }: Observed): Promise<void> {
  client.on('error', () => undefined);
  client.write(Buffer.alloc(32 * 1024 * 1024));
  await untilMetric(admin, 'pending_bytes', (value) => value > 0);
}

interface State {
  readonly args?: readonly string[];
  readonly reach: (client: Socket, observed: Observed) => Promise<unknown>;
  readonly reason?: string;
}

const inLine = async (client: Socket, { echo }: Observed): Promise<void> => {
  await echo.program.log('connection accepted', { nth: 2 });
  client.write('while waiting');
};

test.each<[string, State]>([
  ['before it says anything', { reach: (_, { echo }) => echo.program.log('connection accepted', { nth: 2 }) }],
  ['after its answer', { reach: (client) => roundTrip(client, 'hello') }],
  [
    'in the middle of a message',
    {
      args: ['--framing', 'u32be'],
      reach: (client, { admin }) => {
        client.write(Buffer.from('000000056162', 'hex'));
        return untilMetric(admin, 'received_bytes_total', (value) => value >= 6);
      },
    },
  ],
  ['with answers that it did not take', { reach: fillUp }],
  ['in line', { args: ['--mode', 'queue'], reach: inLine, reason: 'left' }],
  ['with a session that speaks first', { args: ['--session', 'greet'], reach: (client) => once(client, 'readable') }],
  [
    'while characters are generated',
    { args: ['--session', 'chargen', '--chargen-bytes', '1GiB'], reach: (client) => once(client, 'readable') },
  ],
  ['while what it sends is discarded', { args: ['--session', 'discard'], reach: (client) => roundTripless(client) }],
])('a reset %s is logged and counted once, and disturbs nobody', async (_, { args = [], reach, reason = 'reset' }) => {
  await using observed = await startObserved(args);
  const { echo, admin } = observed;
  const bystander = await connectTo(echo.port);
  bystander.on('error', () => undefined);
  await echo.program.log('connection accepted');
  const client = await connectTo(echo.port);
  await reach(client, observed);
  client.resetAndDestroy();
  expect(await echo.program.log('connection closed', { where: ({ conn }) => conn === 2 })).toMatchObject({ reason });
  expect(await admin.metric(`connections_closed_total{reason="${reason}"}`)).toBe(1);
  expect(await admin.metric('connections_active')).toBe(1);
  expect(await admin.metric('pending_bytes')).toBeGreaterThanOrEqual(0);
  bystander.resetAndDestroy();
  await echo.program.log('connection closed', { nth: 2 });
  expect(echo.program.logs('connection closed')).toHaveLength(2);
  expect(echo.program.logs().filter(({ level }) => level === 'error')).toEqual([]);
});

async function roundTripless(client: Socket): Promise<void> {
  await new Promise((resolve) => client.write(Buffer.alloc(1_000_000), resolve));
}

test('500 connections that are reset as soon as they are there leave nothing behind', async () => {
  await using observed = await startObserved(['--max-per-ip', '0']);
  const { echo, admin } = observed;
  for (let batch = 0; batch < 10; batch++) {
    const clients = await Promise.all(Array.from({ length: 50 }, () => connectTo(echo.port)));
    for (const client of clients) client.resetAndDestroy();
  }
  expect(await ask(echo.port, 'still served')).toBe('still served');
  while ((await admin.sum('connections_closed_total')) < 501);
  expect(await admin.metric('connections_total')).toBe(501);
  expect(await admin.sum('connections_closed_total')).toBe(501);
  expect(await admin.metric('connections_active')).toBe(0);
  expect(echo.program.logs().filter(({ level }) => level === 'error')).toEqual([]);
});

test('a reset while the service drains, with answers that were not taken, lets it exit 0', async () => {
  await using observed = await startObserved([]);
  const { echo } = observed;
  const client = await connectTo(echo.port);
  await fillUp(client, observed);
  echo.program.signal('SIGTERM');
  await echo.program.log('draining');
  client.resetAndDestroy();
  expect((await echo.program.exit()).code).toBe(0);
  expect(echo.program.logs('connection closed')).toEqual([expect.objectContaining({ reason: 'drain' })]);
});
