import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startFixture } from '../process.ts';
import { ask, connected } from '../sockets.ts';

const fixture = fileURLToPath(new URL('../fixtures/service.ts', import.meta.url));

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Whether a process has ended, though nobody who is stopped has asked for its exit code. */
function hasEnded(pid: number): boolean {
  return /^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

test.skipIf(!terminalAvailable()).each(['xterm-256color', 'dumb'])(
  "an operator's terminal that takes nothing stops no service, and shows the latest once it does, %s",
  async (TERM) => {
    await using terminal = startTerminal([process.execPath, '-C', '@socklab/source', fixture, '--console'], {
      size: { columns: 200, rows: 30 },
      env: { TERM },
    });
    const port = Number((await terminal.waitFor(/tcp:\/\/127\.0\.0\.1:(\d+)/))[1]);
    const player = parentOf(await terminal.pid());
    process.kill(player, 'SIGSTOP');
    const client = await connected({ port });
    expect(await ask(client, 'talk')).toBe('said');
    expect(await ask(client, 'still here')).toBe('still here');
    client.destroy();
    process.kill(player, 'SIGCONT');
    await terminal.waitFor(/… \d+ earlier lines not kept/);
    await terminal.waitFor(/text 30000 of 30000/);
  },
);

test.skipIf(!terminalAvailable())("a service ends on a signal though its operator's terminal takes nothing", async () => {
  await using terminal = startTerminal([process.execPath, '-C', '@socklab/source', fixture, '--console']);
  const port = Number((await terminal.waitFor(/tcp:\/\/127\.0\.0\.1:(\d+)/))[1]);
  const pid = await terminal.pid();
  const player = parentOf(pid);
  process.kill(player, 'SIGSTOP');
  const client = await connected({ port });
  expect(await ask(client, 'talk')).toBe('said');
  client.destroy();
  process.kill(pid, 'SIGTERM');
  await expect.poll(() => hasEnded(pid), { timeout: 20_000 }).toBe(true);
  process.kill(player, 'SIGCONT');
  expect(await terminal.exit()).toMatchObject({ code: 0 });
});

test('a console whose output is a pipe that nobody reads stops no service, which ends on a signal', async () => {
  await using service = startFixture('service', ['--console', '--log-format', 'json'], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] });
  const [{ endpoints }] = (await once(service.child, 'message')) as [{ readonly endpoints: readonly string[] }];
  service.child.stdout?.pause();
  const client = await connected({ port: Number(endpoints[0]?.split(':').at(-1)) });
  for (let round = 0; round < 2; round++) expect(await ask(client, 'talk')).toBe('said');
  client.destroy();
  const exited = once(service.child, 'exit');
  service.child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
