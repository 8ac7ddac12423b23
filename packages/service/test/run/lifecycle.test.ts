import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startFixture } from '../process.ts';
import { ask, connected } from '../sockets.ts';

const errorLines = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ level }) => level === 'error' || level === 'fatal');

test('logs the endpoints it listens on, once, with the port the system chose', async () => {
  await using service = startFixture('service', ['--listen', 'tcp://127.0.0.1:0', '--listen', 'tcp://127.0.0.1:0']);
  const { endpoints } = await service.log('listening');
  expect(endpoints).toEqual([expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/), expect.stringMatching(/^tcp:/)]);
  service.child.kill('SIGTERM');
  const { stdout } = await service.exit();
  expect(stdout.match(/"msg":"listening"/g)).toHaveLength(1);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s refuses new connections, lets the one in flight finish, exits 0', async (signal) => {
  await using service = startFixture('service', []);
  const port = await service.port();
  const client = await connected({ port });
  await service.log('connected');
  service.child.kill(signal);
  await service.log('draining');
  expect(await ask(client, 'still here')).toBe('still here');
  const late = connected({ port });
  await expect(late).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  client.end();
  expect(await service.exit()).toMatchObject({ code: 0, stderr: '' });
  expect(await service.log('drained')).toMatchObject({ reason: signal, durationMs: expect.any(Number), cut: false });
});

test('a second signal ends at once with exit code 1', async () => {
  await using service = startFixture('service', []);
  await connected({ port: await service.port() });
  await service.log('connected');
  service.child.kill('SIGTERM');
  await service.log('draining');
  service.child.kill('SIGINT');
  const { code, stdout } = await service.exit();
  expect(code).toBe(1);
  expect(stdout).toMatch(/"signal":"SIGINT".*"msg":"second signal: ending now"/);
  expect(stdout).not.toContain('"drained"');
});

test('the drain timeout cuts what is left, and the process exits 0', async () => {
  await using service = startFixture('service', ['--drain-timeout', '50ms']);
  const client = await connected({ port: await service.port() });
  await service.log('connected');
  service.child.kill('SIGTERM');
  await once(client, 'close');
  expect((await service.exit()).code).toBe(0);
  expect(await service.log('drain timeout: aborting what is left')).toMatchObject({ level: 'warn', drainTimeoutMs: 50 });
  expect(await service.log('drained')).toMatchObject({ cut: true });
});

test('a drain that does not end although it was cut is logged, exit code 1', async () => {
  await using service = startFixture('service', ['--drain-timeout', '1ms']);
  const client = await connected({ port: await service.port() });
  expect(await ask(client, 'hang')).toBe('hangs');
  service.child.kill('SIGTERM');
  expect((await service.exit()).code).toBe(1);
  expect(await service.log('drain failed')).toMatchObject({ err: { message: expect.stringContaining('did not end within') } });
});

test('a drain that fails is logged, exit code 1', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  expect(await ask(client, 'fail-drain')).toBe('fails');
  service.child.kill('SIGTERM');
  const { code, stdout } = await service.exit();
  expect(code).toBe(1);
  expect(errorLines(stdout)).toEqual([expect.objectContaining({ msg: 'drain failed' })]);
});

test('a service that finishes by itself drains and exits 0', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  client.write('finish\n');
  expect(await service.log('draining')).toMatchObject({ reason: 'finished' });
  expect(await ask(client, 'still here')).toBe('still here');
  client.end();
  expect((await service.exit()).code).toBe(0);
});

test('the first signal while a finished service drains does not cut it short', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  client.write('finish\n');
  await service.log('draining');
  service.child.kill('SIGINT');
  expect(await ask(client, 'still here')).toBe('still here');
  client.end();
  expect((await service.exit()).code).toBe(0);
});

test('a service that cannot go on is logged once, drained, exit code 1', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  client.write('fail\n');
  await service.log('draining');
  client.end();
  const { code, stdout } = await service.exit();
  expect(code).toBe(1);
  expect(errorLines(stdout)).toEqual([expect.objectContaining({ msg: 'service failed' })]);
  expect(stdout).toContain('"msg":"drained"');
});

test.each([
  ['throw', expect.objectContaining({ message: 'thrown by nobody in particular' })],
  ['reject', expect.objectContaining({ message: 'rejected by nobody in particular' })],
  ['reject-text', 'no error at all'],
])('an uncaught error (%s) is one error line in the log, exit code 1', async (command, err) => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  client.write(`${command}\n`);
  const { code, stdout, stderr } = await service.exit();
  expect(code).toBe(1);
  expect(stderr).toBe('');
  expect(errorLines(stdout)).toEqual([expect.objectContaining({ level: 'error', app: 'fixture-app', msg: 'unexpected error', err })]);
});

test('no log line is lost when the process exits with its reader behind', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  // The pipe holds 64 KiB, the flood is some 500 KB: the end of the process has to wait for its reader.
  expect(await ask(client, 'small-flood')).toBe('flooding');
  const { code, stdout } = await service.exit();
  expect(code).toBe(1);
  expect(stdout.match(/"msg":"flood"/g)).toHaveLength(5000);
  expect(errorLines(stdout)).toEqual([expect.objectContaining({ err: expect.objectContaining({ message: 'after the flood' }) })]);
});

test('of a log that is far ahead of its reader whole lines are lost, and counted, but not the one that tells of a crash', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  // Some 2 MB, of which the pipe and the process hold 1.1.
  expect(await ask(client, 'flood')).toBe('flooding');
  const { code, stdout } = await service.exit();
  expect(code).toBe(1);
  const lines = stdout.trimEnd().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as { readonly msg: string; readonly lines?: number });
  const lost = entries.filter(({ msg }) => msg === 'log lines lost').reduce((sum, entry) => sum + (entry.lines ?? 0), 0);
  expect(lost + entries.filter(({ msg }) => msg === 'flood').length).toBe(20_000);
  expect(errorLines(stdout)).toEqual([expect.objectContaining({ err: expect.objectContaining({ message: 'after the flood' }) })]);
});

test('what was written to standard output is out before the exit', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  client.end('write\n');
  const { code, stdout } = await service.exit();
  expect(code).toBe(0);
  // Log lines come in between: they go out at once, what is queued on process.stdout follows.
  expect(stdout.replaceAll(/\{.*?\}\n/g, '')).toHaveLength(300_000);
});

test('drains when nobody reads its log any more', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  await service.log('connected');
  service.child.stdout?.destroy();
  // Every connection is logged: the first line that fails is the one of this client.
  const second = await connected({ port: Number(client.remotePort) });
  expect(await ask(client, 'still here')).toBe('still here');
  client.end();
  second.end();
  expect(await service.exit()).toMatchObject({ code: 0, stderr: '' });
});

test('a signal drains once when nobody reads its log any more', async () => {
  await using service = startFixture('service', []);
  const client = await connected({ port: await service.port() });
  await service.log('connected');
  service.child.stdout?.destroy();
  service.child.kill('SIGTERM');
  client.end();
  expect(await service.exit()).toMatchObject({ code: 0, stderr: '' });
});

test('tells the parent that it is ready, and drains when the parent lets go', async () => {
  await using service = startFixture('service', [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const [message] = await once(service.child, 'message');
  expect(message).toEqual({ type: 'ready', endpoints: [`tcp://127.0.0.1:${await service.port()}`] });
  service.child.disconnect();
  expect((await service.exit()).code).toBe(0);
  expect(await service.log('drained')).toMatchObject({ reason: 'parent gone' });
});

test('does not outlive a parent that was killed', async () => {
  await using parent = startFixture('parent', []);
  const port = Number((await parent.line(/^ready \d+$/)).slice('ready '.length));
  const client = await connected({ port });
  expect(await ask(client, 'hello')).toBe('hello');
  parent.child.kill('SIGKILL');
  client.end();
  // The service writes to its parent's standard output, which is closed once both are gone.
  const { signal, stdout } = await parent.exit();
  expect(signal).toBe('SIGKILL');
  expect(stdout).toMatch(/"reason":"parent gone".*"msg":"drained"/);
});

test('a signal during the start ends it: the start is told, exit 0', async () => {
  await using service = startFixture('service', ['--start', 'until-aborted', '--admin', '127.0.0.1:0']);
  await service.log('starting');
  service.child.kill('SIGTERM');
  expect((await service.exit()).code).toBe(0);
  expect(await service.log('drained')).toMatchObject({ reason: 'SIGTERM' });
});

test('a start that hears no signal is given up after the drain timeout, exit 1', async () => {
  await using service = startFixture('service', ['--start', 'never', '--admin', '127.0.0.1:0', '--drain-timeout', '1ms']);
  await service.log('starting');
  service.child.kill('SIGTERM');
  expect((await service.exit()).code).toBe(1);
});

test('a start that waits for nothing is an error, not a silent exit', async () => {
  await using service = startFixture('service', ['--start', 'never']);
  const { code, stdout } = await service.exit();
  expect(code).toBe(1);
  expect(errorLines(stdout)).toHaveLength(1);
});
