import { expect, test } from 'vitest';
import { startFixture } from '../process.ts';
import { ask, connected } from '../sockets.ts';

/** Sends SIGUSR1 to one process of a service, and waits until that process has answered after it. */
async function signalled(args: readonly string[], pidOf: (supervisor: number, serving: number) => number) {
  await using service = startFixture('workers', args);
  const client = await connected({ port: await service.port() });
  const pid = pidOf(service.pid, Number(await ask(client, 'pid')));
  process.kill(pid, 'SIGUSR1');
  expect(await ask(client, 'still here')).toBe('still here');
  client.end();
  service.child.kill('SIGTERM');
  return await service.exit();
}

test.each([
  ['a service', [], (alone: number) => alone],
  ['a supervisor', ['--workers', '2'], (supervisor: number) => supervisor],
  ['a worker', ['--workers', '2'], (_supervisor: number, worker: number) => worker],
] as const)('SIGUSR1 starts no debugger in %s, which serves on', async (_what, args, pidOf) => {
  const { code, stderr } = await signalled(args, pidOf);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('a worker has no debugger from its first moment, before anything of the program runs', async () => {
  await using service = startFixture('workers', ['--workers', '2']);
  const client = await connected({ port: await service.port() });
  expect(await ask(client, 'flags')).toContain('--disable-sigusr1');
});
