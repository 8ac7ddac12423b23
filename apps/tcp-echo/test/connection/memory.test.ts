import { readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { connectTo, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { adminOf, ask, roundTrip, startObserved } from '../observed.ts';
import { portOf, startEcho } from '../start.ts';
import type { Admin } from '../observed.ts';
import type { Socket } from 'node:net';

const MIB = 1024 * 1024;
const isLinux = process.platform === 'linux';

async function residentBytes(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** The first bytes of a frame of 1 MiB, as `u32be` has it. */
function partOfFrame(byteLength: number): Buffer {
  const part = Buffer.alloc(byteLength, 'p');
  part.writeUInt32BE(MIB);
  return part;
}

const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

async function send(client: Socket, bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => client.write(bytes, () => resolve()));
}

async function hogs(port: number, count: number, begin: (client: Socket) => void): Promise<Socket[]> {
  const clients: Socket[] = [];
  for (let nth = 0; nth < count; nth++) {
    const client = await connectTo(port);
    client.on('error', () => undefined);
    begin(client);
    clients.push(client);
  }
  return clients;
}

/** Does rounds until a metric is what it is waited for. */
async function until(admin: Admin, series: string, isReached: (value: number) => boolean, round: () => Promise<unknown>): Promise<void> {
  while (!isReached(await admin.metric(series))) await round();
}

test.skipIf(!isLinux).each([
  ['line', Buffer.from('x\n')],
  ['u32be', Buffer.from('0000000178', 'hex')],
])('%s: many small answers that one client does not take cost less than 24 MiB', async (framing, small) => {
  await using observed = await startObserved(['--framing', framing, '--slow-timeout', '0s']);
  const { echo, admin } = observed;
  const client = await connectTo(echo.port, { noDelay: true });
  client.pause();
  const filling = Buffer.concat(Array.from({ length: 10_000 }, () => small));
  await until(
    admin,
    'pending_bytes',
    (bytes) => bytes > 0,
    () => send(client, filling),
  );
  const before = await residentBytes(echo.program.pid);
  const takenBefore = await admin.metric('messages_received_total');
  for (let nth = 0; nth < 10_000; nth++) {
    client.write(small);
    await turn();
  }
  await until(admin, 'messages_received_total', (count) => count >= takenBefore + 10_000, turn);
  expect((await residentBytes(echo.program.pid)) - before).toBeLessThan(24 * MIB);
  client.destroy();
});

test.skipIf(!isLinux)(
  'clients that lag behind cost what they hold, however much passes: 8 of them less than 24 MiB, for 24 MiB each',
  async () => {
    // What is held is looked at: V8's young generation grows with each page of metrics that is asked for, and stays.
    const env = { NODE_OPTIONS: '--max-semi-space-size=1' };
    await using echo = await startEcho(['--slow-timeout', '0s', '--admin', '127.0.0.1:0'], { env });
    const admin = await adminOf(echo.program);
    await ask(echo.port, 'x'.repeat(4 * MIB));
    const before = await residentBytes(echo.program.pid);
    const clients = await hogs(echo.port, 8, (client) => client.pause().end(Buffer.alloc(24 * MIB)));
    let most = 0;
    await until(
      admin,
      'pending_bytes',
      (bytes) => bytes > 7 * MIB,
      () => turn(),
    );
    for (let nth = 0; nth < 96; nth++) {
      for (const client of clients) await receive(client, MIB / 4);
      // They take so little at a time that there is something left to send; at one moment all of it may be on its way.
      if (nth % 16 === 0 && nth < 64) {
        await until(
          admin,
          'pending_bytes',
          (bytes) => bytes > 0,
          () => turn(),
        );
      }
      most = Math.max(most, await residentBytes(echo.program.pid));
    }
    expect(most - before).toBeLessThan(24 * MIB);
    for (const client of clients) client.destroy();
  },
);

test('who does not read holds no more than a share of --max-buffered, nobody is cut for it, and others are served', async () => {
  await using observed = await startObserved(['--max-buffered', '16MiB', '--max-pending', '8MiB', '--slow-timeout', '0s']);
  const { echo, admin } = observed;
  const old = await connectTo(echo.port);
  // All of them could hold 96 MiB.
  const clients = await hogs(echo.port, 12, (client) => client.pause().write(Buffer.alloc(32 * MIB)));
  let most = 0;
  await until(
    admin,
    'pending_bytes',
    (bytes) => bytes > 8 * MIB,
    async () => {
      expect(await roundTrip(old, 'still served')).toBe('still served');
      most = Math.max(most, await admin.metric('buffered_bytes'));
    },
  );
  for (let round = 0; round < 50; round++) {
    expect(await ask(echo.port, 'and new ones')).toBe('and new ones');
    most = Math.max(most, await admin.metric('buffered_bytes'));
  }
  expect(most).toBeLessThanOrEqual(16 * MIB);
  expect(await admin.metric('connections_closed_total{reason="memory-limit"}')).toBe(0);
  for (const client of [old, ...clients]) client.destroy();
});

test.each([
  ['echo', ['--session', 'echo']],
  ['greet', ['--session', 'greet']],
])('%s: once --max-buffered is spent, those that hold most are cut, and nobody else', async (session, args) => {
  const limits = ['--max-buffered', '4MiB', '--max-frame', '1MiB', '--framing', 'u32be'];
  await using observed = await startObserved([...args, ...limits]);
  const { echo, admin } = observed;
  const small = await connectTo(echo.port);
  // In the middle of a message too, but of a short one.
  await send(small, Buffer.from('000000056865', 'hex'));
  const clients = await hogs(echo.port, 12, (client) => client.write(partOfFrame(900_000)));
  await until(admin, 'connections_closed_total{reason="memory-limit"}', (count) => count >= 8, turn);
  expect(await admin.metric('buffered_bytes')).toBeLessThanOrEqual(4 * MIB);
  expect(await admin.sum('connections_closed_total')).toBeLessThan(12);
  await send(small, Buffer.from('6c6c6f', 'hex'));
  expect((await receive(small, 9)).toString('latin1', 4)).toBe('hello');
  for (const client of [small, ...clients]) client.destroy();
  await until(admin, 'connections_active', (count) => count === 0, turn);
  expect([session, await admin.metric('buffered_bytes')]).toEqual([session, 0]);
});

test('the log says at the start how much memory there is, and what of it connections may hold: a quarter, unless it is said', async () => {
  await using usual = await startEcho();
  const { memoryBytes, from, maxBufferedBytes } = await usual.program.log('memory');
  expect(from).toMatch(/^(cgroup|machine)$/);
  expect(maxBufferedBytes).toBe(Math.floor(Number(memoryBytes) / 4));
  await using told = await startEcho(['--max-buffered', '64KiB']);
  expect(await told.program.log('memory')).toMatchObject({ maxBufferedBytes: 65_536 });
  await using none = await startEcho(['--max-buffered', '0']);
  expect(await none.program.log('memory')).not.toHaveProperty('maxBufferedBytes');
  expect(await none.program.log('max-buffered is more than half of the memory: clients can end the process')).toMatchObject({
    level: 'warn',
  });
});

test.skipIf(!isLinux)('workers share --max-buffered', async () => {
  await using shared = await startEcho(['--max-buffered', '1MiB', '--workers', '2']);
  await shared.program.log('memory', { nth: 2 });
  expect(shared.program.logs('memory').map(({ maxBufferedBytes }) => maxBufferedBytes)).toEqual([524_288, 524_288]);
});

test.skipIf(!isLinux)('a peer whose machine is gone is found out: the system asks after it', async () => {
  await using echo = await startEcho();
  const port = await portOf(echo.program);
  const client = await connectTo(port);
  await roundTrip(client, 'x');
  // Timer 2 of an open connection that has sent all is the one of keepalive: proc_pid_net(5).
  const row = new RegExp(`:${hexPort(port)} \\S+:${hexPort(client.localPort!)} 01 \\S+ 02:`);
  expect(await readFile('/proc/net/tcp', 'latin1')).toMatch(row);
  client.destroy();
});
