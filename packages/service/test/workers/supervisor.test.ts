import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startFixture } from '../process.ts';
import { ask, connected } from '../sockets.ts';
import type { Fixture } from '../process.ts';
import type { Socket } from 'node:net';

const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Fixture => startFixture('workers', args, { env });

/** The process id of a worker; the one after those in `gone`. */
async function pidOf(service: Fixture, worker: number, gone: readonly number[] = []): Promise<number> {
  const others = gone.map((pid) => `(?!${pid},)`).join('');
  const line = await service.line(new RegExp(`"worker":${worker},"endpoints".*"pid":${others}\\d+,"msg":"worker listening"`));
  return (JSON.parse(line) as { pid: number }).pid;
}

/** A connection to each of the workers: the kernel chooses, so there are others, which are closed. */
async function oneToEach(port: number, count: number): Promise<Map<number, Socket>> {
  const found = new Map<number, Socket>();
  for (let attempt = 0; found.size < count; attempt += 1) {
    if (attempt === 200) throw new Error(`${attempt} connections reached ${found.size} of ${count} workers`);
    const socket = await connected({ port });
    const pid = Number(await ask(socket, 'pid'));
    if (found.has(pid)) socket.destroy();
    else found.set(pid, socket);
  }
  return found;
}

/** Resolves once the process is gone; it has to be told to end before. */
async function ended(pid: number): Promise<void> {
  await expect.poll(() => isThere(pid), { timeout: 15_000 }).toBe(false);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const errors = (stdout: string): string[] => stdout.split('\n').filter((line) => /"level":"(error|fatal)"/.test(line));

test('workers share one port that the system chose, and each line of their log tells which', async () => {
  await using service = start(['--workers', '3']);
  const port = await service.port();
  const pids = [await pidOf(service, 1), await pidOf(service, 2), await pidOf(service, 3)];
  const sockets = await oneToEach(port, 3);
  expect(new Set(sockets.keys())).toEqual(new Set(pids));
  expect(await ask(sockets.get(pids[2] ?? 0) as Socket, 'worker')).toBe('3 of 3');
  await service.line(/"worker":3,.*"msg":"connected"/);
  expect(pids).not.toContain(service.pid);
});

test('one worker is this process alone', async () => {
  await using service = start(['--workers', '1']);
  const socket = await connected({ port: await service.port() });
  expect(await ask(socket, 'pid')).toBe(String(service.pid));
  expect(await ask(socket, 'worker')).toBe('undefined of undefined');
});

test('UDP workers share one port too, and all of them get datagrams', async () => {
  await using service = start(['--workers', '2', '--udp']);
  const port = await service.port();
  const pids = [await pidOf(service, 1), await pidOf(service, 2)];
  const answered = new Set<number>();
  for (let attempt = 0; attempt < 100 && answered.size < 2; attempt += 1) {
    const client = createSocket('udp4');
    const answer = once(client, 'message');
    client.send('hello', port, '127.0.0.1');
    answered.add(Number(String((await answer)[0])));
    client.close();
  }
  expect(answered).toEqual(new Set(pids));
});

test('a worker that dies is replaced on the same port, the others serve on', async () => {
  await using service = start(['--workers', '2']);
  const port = await service.port();
  const [first, second] = [await pidOf(service, 1), await pidOf(service, 2)];
  const sockets = await oneToEach(port, 2);
  sockets.get(first)?.write('die\n');
  expect(await service.log('worker died')).toMatchObject({ level: 'warn', worker: 1, pid: first, signal: 'SIGKILL', replacedInMs: 100 });
  expect(await ask(sockets.get(second) as Socket, 'still here')).toBe('still here');
  const replacement = await pidOf(service, 1, [first]);
  expect(new Set((await oneToEach(port, 2)).keys())).toEqual(new Set([second, replacement]));
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s drains every worker, exit 0', async (signal) => {
  await using service = start(['--workers', '2']);
  const port = await service.port();
  const sockets = await oneToEach(port, 2);
  service.child.kill(signal);
  await service.line(/"worker":1,.*"msg":"draining"/);
  await service.line(/"worker":2,.*"msg":"draining"/);
  for (const socket of sockets.values()) {
    expect(await ask(socket, 'still here')).toBe('still here');
    socket.end();
  }
  const { code, stdout, stderr } = await service.exit();
  expect({ code, stderr, drained: stdout.match(/"msg":"drained"/g)?.length }).toEqual({ code: 0, stderr: '', drained: 3 });
});

test('a signal that the terminal sends to all processes is one signal', async () => {
  await using service = start(['--workers', '2']);
  const port = await service.port();
  const workers = await oneToEach(port, 2);
  for (const pid of [...workers.keys(), service.pid]) process.kill(pid, 'SIGINT');
  await service.line(/"worker":1,.*"msg":"draining"/);
  for (const socket of workers.values()) {
    expect(await ask(socket, 'still here')).toBe('still here');
    socket.end();
  }
  expect((await service.exit()).code).toBe(0);
});

test('a second signal ends all of them at once', async () => {
  await using service = start(['--workers', '2', '--drain-timeout', '1h']);
  const workers = await oneToEach(await service.port(), 2);
  const closed = Array.from(workers.values(), (socket) => once(socket, 'close'));
  service.child.kill('SIGTERM');
  await service.log('draining');
  service.child.kill('SIGTERM');
  expect((await service.exit()).code).toBe(1);
  await Promise.all([...closed, ...Array.from(workers.keys(), ended)]);
});

test('the drain timeout cuts what is left in every worker, exit 0', async () => {
  await using service = start(['--workers', '2', '--drain-timeout', '50ms']);
  const workers = await oneToEach(await service.port(), 2);
  const closed = Array.from(workers.values(), (socket) => once(socket, 'close'));
  service.child.kill('SIGTERM');
  await Promise.all(closed);
  expect((await service.exit()).code).toBe(0);
});

test('a worker that does not end although it was cut is killed, exit 1', async () => {
  await using service = start(['--workers', '2', '--drain-timeout', '1ms']);
  const workers = await oneToEach(await service.port(), 2);
  const [pid = 0, socket] = [...workers][0] ?? [];
  expect(await ask(socket as Socket, 'hang')).toBe('hangs');
  service.child.kill('SIGTERM');
  const { code, stdout } = await service.exit();
  expect(code).toBe(1);
  expect(errors(stdout).at(-1)).toMatch(/"message":"worker \d was ended by SIGKILL while it drained".*"msg":"drain failed"/);
  await ended(pid);
});

test('workers drain when the process that looks after them is killed', async () => {
  await using service = start(['--workers', '2']);
  const workers = await oneToEach(await service.port(), 2);
  service.child.kill('SIGKILL');
  await service.line(/"worker":1,.*"reason":"parent gone".*"msg":"draining"/);
  await service.line(/"worker":2,.*"reason":"parent gone".*"msg":"draining"/);
  for (const socket of workers.values()) {
    expect(await ask(socket, 'still here')).toBe('still here');
    socket.end();
  }
  await Promise.all(Array.from(workers.keys(), ended));
});

test('SIGHUP reloads every worker, and each tells how that went', async () => {
  await using service = start(['--workers', '2']);
  const workers = await oneToEach(await service.port(), 2);
  service.child.kill('SIGHUP');
  expect(await service.log('SIGHUP passed on to the workers')).toMatchObject({ level: 'info', workers: 2 });
  await service.line(/"worker":1,.*"msg":"reloaded"/);
  await service.line(/"worker":2,.*"msg":"reloaded"/);
  for (const socket of workers.values()) expect(await ask(socket, 'reloads')).toBe('1');
});

test('a worker that cannot live ends the service with one error, exit 1', async () => {
  await using service = startFixture('stillborn', ['--workers', '2']);
  const { code, stdout, stderr } = await service.exit();
  expect(code).toBe(1);
  expect(stdout.match(/"msg":"worker died"/g)).toHaveLength(6);
  expect([...stdout.matchAll(/"replacedInMs":(\d+)/g)].map((match) => Number(match[1]))).toEqual([100, 200, 400, 800, 1600]);
  expect(stderr).toBe('fixture-app: worker 1 died 6 times within 10 s\n');
});

test('a worker that cannot live any more ends the service: the others drain, exit 1', async () => {
  await using folder = await temporaryFolder();
  const condition = `${folder.path}/stillborn`;
  await using service = startFixture('stillborn', ['--workers', '2'], { env: { STILLBORN_IF: condition } });
  const port = await service.port();
  const first = await pidOf(service, 1);
  const sockets = await oneToEach(port, 2);
  await writeFile(condition, '');
  sockets.get(first)?.write('die\n');
  await service.line(/"worker":2,.*"msg":"draining"/);
  const second = sockets.get(await pidOf(service, 2)) as Socket;
  expect(await ask(second, 'still here')).toBe('still here');
  second.end();
  const { code, stdout } = await service.exit();
  expect(code).toBe(1);
  expect(errors(stdout)).toEqual([expect.stringMatching(/"message":"worker 1 died 6 times within 10 s".*"msg":"service failed"/)]);
});

test.each([
  ['refuse', 2, 'fixture-app: the certificate is missing\n'],
  [
    'throw',
    1,
    expect.stringMatching(/^[^\n]*"message":"a fault of the program"[^\n]*fixtures\/workers\.ts[^\n]*"msg":"unexpected error"[^\n]*\n$/),
  ],
])('a start that fails (%s) in a worker is the error of the program, said once', async (how, exitCode, text) => {
  await using service = start(['--workers', '3', '--start', how]);
  const { code, stdout, stderr } = await service.exit();
  expect({ code, stderr }).toEqual({ code: exitCode, stderr: text });
  expect(stdout).not.toContain('worker died');
});

test('a signal while the workers start ends them, exit 0', async () => {
  await using service = start(['--workers', '2', '--start', 'wait']);
  await service.line(/"worker":2,.*"msg":"starting"/);
  const first = await pidOf(service, 1);
  service.child.kill('SIGTERM');
  expect((await service.exit()).code).toBe(0);
  await ended(first);
});

test('an address that somebody else has is one error, exit 69, also when that one would share it', async () => {
  await using holder = startFixture('holder', ['tcp', 'tcp://127.0.0.1:0', 'reuse-port']);
  const endpoint = await holder.line(/^tcp:/);
  await using service = start(['--workers', '2', '--listen', endpoint]);
  const { code, stderr } = await service.exit();
  expect(code).toBe(69);
  expect(stderr).toMatch(new RegExp(`^fixture-app: address in use: ${endpoint} is held by process ${holder.pid}:`));
});

test.each([
  ['unix:@fixture-workers', 'unix:@fixture-workers'],
  ['fd:3', 'fd:3'],
])('%s cannot be shared by workers: one line, exit 2', async (listen, shown) => {
  await using service = start(['--workers', '2', '--listen', listen]);
  const { code, stderr } = await service.exit();
  expect(code).toBe(2);
  expect(stderr).toBe(`fixture-app: ${shown}: 2 workers can only share a port, as in tcp://127.0.0.1:9000\n`);
});

test.each(['0', '257', 'many', '-1', '1.5'])('--workers %s is refused in one line, exit 2', async (text) => {
  await using service = start([`--workers=${text}`]);
  const { code, stderr } = await service.exit();
  expect(code).toBe(2);
  expect(stderr).toMatch(/--workers.*is not a number of workers: give a whole number from 1 to 256, or auto\.\n$/);
});

test('tells its own parent once, when all workers are ready', async () => {
  await using service = startFixture('workers', ['--workers', '2'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const messages: unknown[] = [];
  service.child.on('message', (message) => messages.push(message));
  onTestFinished(() => void service.child.kill('SIGKILL'));
  await once(service.child, 'message');
  await pidOf(service, 2);
  service.child.disconnect();
  expect((await service.exit()).code).toBe(0);
  expect(messages).toEqual([{ type: 'ready', endpoints: [`tcp://127.0.0.1:${await service.port()}`] }]);
});
