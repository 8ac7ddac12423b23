import { inheritableTcp, programCommand, startCommand, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { ask } from './observed.ts';
import { portOf, startEcho } from './start.ts';

const isLinux = process.platform === 'linux';

test('--port-busy next takes one of the ports after it, and says which', async () => {
  await using first = await startEcho();
  await using second = startProgram('tcp-echo', ['--listen', `tcp://127.0.0.1:${first.port}`, '--port-busy', 'next']);
  const port = await portOf(second);
  expect(port).toBeGreaterThan(first.port);
  expect(port).toBeLessThanOrEqual(first.port + 10);
  expect(await ask(port, 'second')).toBe('second');
  expect(await ask(first.port, 'first')).toBe('first');
});

test('--port-busy retry waits for the holder to go, then listens', async () => {
  await using first = await startEcho();
  const address = `tcp://127.0.0.1:${first.port}`;
  const retry = ['--port-busy', 'retry', '--port-busy-delay', '50ms', '--port-busy-retries', '1000'];
  await using second = startProgram('tcp-echo', ['--listen', address, ...retry]);
  await second.log('address in use, trying again');
  expect(await ask(first.port, 'first')).toBe('first');
  first.program.signal('SIGTERM');
  await first.program.exit();
  expect(await portOf(second)).toBe(first.port);
  expect(await ask(first.port, 'second')).toBe('second');
});

test('--port-busy retry gives up after its retries, exit 69', async () => {
  await using first = await startEcho();
  const retry = ['--port-busy', 'retry', '--port-busy-delay', '10ms', '--port-busy-retries', '2'];
  await using second = startProgram('tcp-echo', ['--listen', `tcp://127.0.0.1:${first.port}`, ...retry]);
  expect((await second.exit()).code).toBe(69);
});

/** Started as systemd does: the sockets from descriptor 3 on, and the number of the process they are for. */
function startActivated(args: readonly string[], env: Record<string, string>, fds: readonly number[]) {
  const command = ['sh', '-c', 'export LISTEN_PID=$$; exec "$@"', 'sh', ...programCommand('tcp-echo', args)];
  return startCommand(command, { env: { LISTEN_FDS: String(fds.length), ...env }, fds });
}

test.skipIf(!isLinux)('serves the sockets of systemd when nothing else is said', async () => {
  using socket = inheritableTcp();
  await using program = startActivated([], {}, [socket.fd]);
  expect(await portOf(program)).toBe(socket.port);
  expect(await ask(socket.port, 'activated')).toBe('activated');
  program.signal('SIGTERM');
  expect((await program.exit()).code).toBe(0);
});

test.skipIf(!isLinux)('serves the socket that systemd calls so, by --listen systemd:NAME', async () => {
  using web = inheritableTcp();
  using lab = inheritableTcp();
  await using program = startActivated(['--listen', 'systemd:lab'], { LISTEN_FDNAMES: 'web:lab' }, [web.fd, lab.fd]);
  expect(await program.log('listening')).toMatchObject({ endpoints: [`tcp://127.0.0.1:${lab.port}`] });
  expect(await ask(lab.port, 'lab')).toBe('lab');
});

test.skipIf(!isLinux)('--listen systemd without a socket of systemd is one clear line and exit 2', async () => {
  await using program = startProgram('tcp-echo', ['--listen', 'systemd']);
  const { code, stderr } = await program.exit();
  expect(stderr).toMatch(/LISTEN_FDS/);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});
