import { readFile, writeFile } from 'node:fs/promises';
import { connectTo, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { roundTrip, startObserved } from '../observed.ts';
import { startEcho } from '../start.ts';
import type { Socket } from 'node:net';

const MIB = 1024 * 1024;
const isLinux = process.platform === 'linux';

async function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}

/** The error that ends a client which only sends. */
async function neverRead(port: number): Promise<NodeJS.ErrnoException | undefined> {
  return sendForever(await connectTo(port));
}

/** Sends without reading until the connection is closed; gives the error that closed it. */
async function sendForever(client: Socket): Promise<NodeJS.ErrnoException | undefined> {
  const chunk = Buffer.alloc(MIB, 'x');
  const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | undefined>();
  client.on('error', () => undefined).on('close', () => resolve(client.errored ?? undefined));
  const send = (): void => {
    while (!client.destroyed && client.write(chunk));
  };
  client.on('drain', send);
  send();
  return promise;
}

test.skipIf(!isLinux)('a client that never reads costs less than 4 MiB, and is reset at the slow timeout', async () => {
  await using observed = await startObserved(['--slow-timeout', '1s']);
  const { echo, admin } = observed;
  const { pid } = echo.program;
  // What the first client of a process costs is no client's own: code is compiled, memory is laid in. So one goes the same way before.
  await neverRead(echo.port);
  await admin.metric('pending_bytes');
  const before = await memoryOf(pid, 'VmRSS');
  // 5: the highest use is counted from now on (proc_pid_clear_refs(5)).
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  expect(await neverRead(echo.port)).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) });
  const { bytesIn, bytesOut } = await echo.program.log('connection closed', { where: ({ conn }) => conn === 2 });
  expect((await memoryOf(pid, 'VmHWM')) - before).toBeLessThan(4 * MIB);
  expect(Number(bytesIn) - Number(bytesOut)).toBeLessThan(MIB + 2 * 65_536);
  expect(await admin.metric('connections_closed_total{reason="slow-reader"}')).toBe(2);
  expect(await admin.metric('pending_bytes')).toBe(0);
});

test('the answers of others do not wait for a client that never reads', async () => {
  await using echo = await startEcho(['--slow-timeout', '0s']);
  const stuck = await connectTo(echo.port);
  void sendForever(stuck);
  const other = await connectTo(echo.port);
  for (let round = 0; round < 200; round++) expect(await roundTrip(other, `round ${round}`)).toBe(`round ${round}`);
  stuck.destroy();
  other.destroy();
});

test('a client that reads slowly, but steadily, gets every byte, though it takes twice the slow timeout', async () => {
  await using observed = await startObserved(['--slow-timeout', '2s', '--session', 'chargen', '--chargen-bytes', '24MiB']);
  const { echo, admin } = observed;
  const client = await connectTo(echo.port);
  let byteLength = 0;
  let mostPending = 0;
  const startedMs = performance.now();
  while (byteLength < 24 * MIB) {
    const chunk = await receive(client, Math.min(192 * 1024, 24 * MIB - byteLength));
    byteLength += chunk.length;
    mostPending = Math.max(mostPending, await admin.metric('pending_bytes'));
    // So many bytes a second: this client is slow because it has other things to do.
    await untilMs(startedMs + byteLength / ((5.5 * MIB) / 1000));
  }
  expect(mostPending).toBeGreaterThan(100_000);
  client.end();
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'served', bytesOut: 24 * MIB });
});

test.skipIf(!isLinux)(
  'a client that takes 400 KiB a second out of what the system holds is not reset, though nothing pending moves',
  async () => {
    await using observed = await startObserved(['--slow-timeout', '2s']);
    const { echo, admin } = observed;
    const client = await connectTo(echo.port);
    client.on('error', () => undefined).write(Buffer.alloc(16 * MIB, 'x'));
    while ((await admin.metric('pending_bytes')) < MIB) await untilMs(performance.now() + 20);
    const startedMs = performance.now();
    // Three times the slow timeout.
    for (let byteLength = 0; byteLength < 6 * 400 * 1024;) {
      byteLength += (await receive(client, 40 * 1024)).length;
      await untilMs(startedMs + byteLength / 409.6);
    }
    expect(await admin.sum('connections_closed_total')).toBe(0);
    // And once it takes nothing any more, it is.
    expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'slow-reader' });
    client.destroy();
  },
);

function untilMs(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, timeMs - performance.now())));
}

test('chargen waits for a client that does not read, and cuts it at the slow timeout', async () => {
  await using observed = await startObserved(['--slow-timeout', '500ms', '--session', 'chargen', '--chargen-bytes', '1GiB']);
  const { echo } = observed;
  const client = await connectTo(echo.port);
  client.on('error', () => undefined);
  const { bytesOut, reason } = await echo.program.log('connection closed');
  expect(reason).toBe('slow-reader');
  expect(Number(bytesOut)).toBeLessThan(64 * MIB);
  client.destroy();
});
