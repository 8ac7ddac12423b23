import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTerminal, temporaryFolder, terminalAvailable } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { startFixture } from '../process.ts';
import { ask, connected } from '../sockets.ts';
import type { Fixture } from '../process.ts';

/** Where the log is written: an operator converses on standard output, and has the log beside it. */
const LOGS = [
  { stream: 'stdout', args: [] },
  { stream: 'stderr', args: ['--console'] },
] as const;

/** The port that a service tells its parent: its log may be nowhere. */
async function portOf({ child }: Fixture): Promise<number> {
  const [{ endpoints }] = (await once(child, 'message')) as [{ readonly endpoints: readonly string[] }];
  return Number(endpoints[0]?.split(':').at(-1));
}

/** A service whose log nobody takes any more: the pipe and what the process keeps are full. */
async function muted({ stream, args }: (typeof LOGS)[number] = LOGS[0]): Promise<{ readonly service: Fixture; readonly port: number }> {
  const service = startFixture('service', ['--admin', '127.0.0.1:0', ...args], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] });
  const port = await portOf(service);
  service.child[stream]?.pause();
  const client = await connected({ port });
  // Two, because what is read ahead makes room.
  for (let round = 0; round < 2; round++) expect(await ask(client, 'chatter')).toBe('logged');
  client.destroy();
  return { service, port };
}

async function exitOf({ child }: Fixture): Promise<unknown> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

describe.each(LOGS)('a service whose log on $stream nobody reads', (log) => {
  test('goes on serving', async () => {
    const { service, port } = await muted(log);
    await using _ = service;
    for (let round = 0; round < 50; round++) {
      const client = await connected({ port });
      expect(await ask(client, 'hello')).toBe('hello');
      client.destroy();
    }
  });

  test('drains on a signal, and ends', async () => {
    const { service } = await muted(log);
    await using _ = service;
    service.child.kill('SIGTERM');
    expect(await exitOf(service)).toBe(0);
  });

  test('is ended at once by a second signal', async () => {
    const { service, port } = await muted(log);
    await using _ = service;
    const client = await connected({ port });
    const closed = once(client, 'close');
    client.resume();
    service.child.kill('SIGTERM');
    // Nobody says that it drains: it refuses who comes.
    await expect
      .poll(() =>
        connected({ port }).then(
          (late) => late.destroy(),
          (error: NodeJS.ErrnoException) => error.code,
        ),
      )
      .toMatch(/ECONN/);
    service.child.kill('SIGTERM');
    expect(await exitOf(service)).toBe(1);
    await closed;
  });
});

test('once the log is read again it says how many lines were lost, in the log and in a metric', async () => {
  const { service } = await muted();
  await using _ = service;
  service.child.stdout?.resume();
  expect(await service.log('log lines lost')).toMatchObject({ level: 'warn', lines: expect.any(Number), code: 'EAGAIN' });
  const { endpoint } = await service.log('admin listening');
  const metrics = await (await fetch(`http://${String(endpoint).replace(/^tcp:\/\//, '')}/metrics`)).text();
  expect(Number(/^socklab_fixture_app_log_lines_lost_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(10_000);
});

test.each(LOGS)(
  'a log on $stream and a disk that is full is lost and counted, line by line, and the service goes on',
  async ({ stream, args }) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'log');
    // What a file may grow to stands for a disk: the write fails all the same, without a file system of its own.
    const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f 64; exec "$@" ${stream === 'stdout' ? '>' : '2>'} '${path}'`, 'sh'];
    await using service = startFixture('service', args, { stdio: ['pipe', 'pipe', 'pipe', 'ipc'], through: limited });
    const client = await connected({ port: await portOf(service) });
    expect(await ask(client, 'chatter')).toBe('logged');
    expect(await ask(client, 'still here')).toBe('still here');
    client.destroy();
    service.child.kill('SIGTERM');
    expect(await exitOf(service)).toBe(0);
    // Two units are in use: 512 bytes and 1 KiB.
    expect(readFileSync(path).length).toBeGreaterThanOrEqual(32_768 - 200);
  },
);

test('a log that cannot be written from its first line on ends the program, with one line', async () => {
  const full = ['sh', '-c', 'exec "$@" > /dev/full', 'sh'];
  await using service = startFixture('service', [], { through: full });
  const { code, stderr } = await service.exit();
  expect(code).toBe(1);
  expect(stderr).toMatch(/ENOSPC/);
});

const fixture = fileURLToPath(new URL('../fixtures/service.ts', import.meta.url));

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

test.skipIf(!terminalAvailable()).each(['pretty', 'json'])('a terminal that takes nothing stops no service, %s', async (format) => {
  await using terminal = startTerminal([process.execPath, '-C', '@socklab/source', fixture, '--log-format', format], {
    size: { columns: 200, rows: 30 },
  });
  const port = Number((await terminal.waitFor(/tcp:\/\/127\.0\.0\.1:(\d+)/))[1]);
  const player = parentOf(await terminal.pid());
  process.kill(player, 'SIGSTOP');
  const client = await connected({ port });
  for (let round = 0; round < 2; round++) expect(await ask(client, 'chatter')).toBe('logged');
  expect(await ask(client, 'still here')).toBe('still here');
  client.destroy();
  process.kill(player, 'SIGCONT');
  await terminal.waitFor(/log lines lost/);
});
