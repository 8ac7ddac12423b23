import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTerminal, temporaryFolder, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startFixture } from '../process.ts';
import { ask, connected } from '../sockets.ts';
import type { Fixture } from '../process.ts';

/** A service whose log nobody takes any more: the pipe and what the process keeps are full. */
async function muted(): Promise<{ readonly service: Fixture; readonly port: number }> {
  const service = startFixture('service', ['--admin', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const port = await service.port();
  service.child.stdout?.pause();
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

test('a service whose log nobody reads goes on serving', async () => {
  const { service, port } = await muted();
  await using _ = service;
  for (let round = 0; round < 50; round++) {
    const client = await connected({ port });
    expect(await ask(client, 'hello')).toBe('hello');
    client.destroy();
  }
});

test('it drains on a signal, and ends', async () => {
  const { service } = await muted();
  await using _ = service;
  service.child.kill('SIGTERM');
  expect(await exitOf(service)).toBe(0);
});

test('a second signal ends it at once', async () => {
  const { service, port } = await muted();
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

test('once its log is read again it says how many lines were lost, in the log and in a metric', async () => {
  const { service } = await muted();
  await using _ = service;
  service.child.stdout?.resume();
  expect(await service.log('log lines lost')).toMatchObject({ level: 'warn', lines: expect.any(Number), code: 'EAGAIN' });
  const { endpoint } = await service.log('admin listening');
  const metrics = await (await fetch(`http://${String(endpoint).replace(/^tcp:\/\//, '')}/metrics`)).text();
  expect(Number(/^socklab_fixture_app_log_lines_lost_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(10_000);
});

test('a log on a disk that is full is lost and counted, line by line, and the service goes on', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'log');
  // What a file may grow to stands for a disk: the write fails all the same, without a file system of its own.
  const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f 64; exec "$@" > '${path}'`, 'sh'];
  await using service = startFixture('service', [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], through: limited });
  const [{ endpoints }] = (await once(service.child, 'message')) as [{ readonly endpoints: readonly string[] }];
  const client = await connected({ port: Number(endpoints[0]?.split(':').at(-1)) });
  expect(await ask(client, 'chatter')).toBe('logged');
  expect(await ask(client, 'still here')).toBe('still here');
  client.destroy();
  service.child.kill('SIGTERM');
  expect(await exitOf(service)).toBe(0);
  // Two units are in use: 512 bytes and 1 KiB.
  expect(readFileSync(path).length).toBeGreaterThanOrEqual(32_768 - 200);
});

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
