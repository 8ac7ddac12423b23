import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTo, foreignPeer, readAll, receive, startCommand, startProgram } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startEcho } from '../start.ts';
import type { Echo } from '../start.ts';
import type { Socket } from 'node:net';

const nc = foreignPeer('nc');
const GREETING = 'you are the operator; /help lists the commands\n';

async function socketPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tcp-echo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'operator.sock');
}

async function startAttachable(path: string, args: readonly string[] = []): Promise<Echo> {
  return startEcho(['--session', 'operator', '--operator', `unix:${path}`, ...args], { stdin: 'ignore' });
}

/** Attaches, and reads the greeting and what follows it. */
async function attach(path: string, shown = ''): Promise<Socket> {
  const operator = await connectTo(path);
  await shows(operator, GREETING + shown);
  return operator;
}

async function shows(operator: Socket, text: string): Promise<void> {
  expect((await receive(operator, Buffer.byteLength(text))).toString()).toBe(text);
}

test('an operator attaches to a socket that is its alone, converses, and gives commands', async () => {
  const path = await socketPath();
  await using echo = await startAttachable(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const operator = await attach(path);
  const client = await connectTo(echo.port);
  await shows(operator, '>>> ');
  operator.write('hello\n');
  expect((await receive(client, 5)).toString()).toBe('hello');
  client.write('hi');
  await shows(operator, `\n('127.0.0.1', ${client.localPort}) : hi\n>>> `);
  operator.write('/to 1 psst\n');
  await shows(operator, '\nsent to 1\n>>> ');
  expect((await receive(client, 4)).toString()).toBe('psst');
  expect((await echo.program.log('waiting for an operator'))['operator']).toBe(`unix:${path}`);
});

test('the end of standard input ends nothing, and clients wait until an operator comes', async () => {
  const path = await socketPath();
  await using echo = await startAttachable(path);
  const client = await connectTo(echo.port);
  await echo.program.log('connection accepted');
  const operator = await attach(path, '>>> ');
  operator.write('at last\n');
  expect((await receive(client, 7)).toString()).toBe('at last');
});

test('a second operator gets one line and is closed; the first stays', async () => {
  const path = await socketPath();
  await using echo = await startAttachable(path);
  const first = await attach(path);
  const second = await connectTo(path);
  second.write('/quit\n');
  expect((await readAll(second)).toString()).toBe('an operator is already attached\n');
  first.write('/next\n');
  await shows(first, 'nobody is being served\n');
  expect(echo.program.logs('draining')).toEqual([]);
});

test('an operator that leaves ends nothing: the next one sees what was said meanwhile', async () => {
  const path = await socketPath();
  await using echo = await startAttachable(path);
  const client = await connectTo(echo.port);
  const { localPort } = client;
  const first = await attach(path, '>>> ');
  first.write('well?\n');
  await receive(client, 5);
  first.end();
  expect((await readAll(first)).length).toBe(0);
  client.write('here I am');
  client.end();
  await echo.program.log('connection closed');
  await attach(path, `('127.0.0.1', ${localPort}) : here I am\n`);
});

test('an operator whose connection breaks can come again', async () => {
  const path = await socketPath();
  await using echo = await startAttachable(path, ['--log-level', 'debug']);
  const first = await attach(path);
  first.destroy();
  await echo.program.log('operator connection closed');
  const second = await attach(path);
  second.write('/who\n');
  await shows(second, 'nobody is connected\n');
});

test('/quit of an attached operator ends the service and removes the socket file', async () => {
  const path = await socketPath();
  await using echo = await startAttachable(path);
  const operator = await attach(path);
  operator.write('/quit\n');
  expect((await readAll(operator)).toString()).toBe('ending\n');
  operator.end();
  expect((await echo.program.exit()).code).toBe(0);
  await expect(stat(path)).rejects.toThrow(/ENOENT/);
});

test('SIGTERM removes the socket file too', async () => {
  const path = await socketPath();
  await using echo = await startAttachable(path);
  await attach(path);
  echo.program.signal('SIGTERM');
  expect((await echo.program.exit()).code).toBe(0);
  await expect(stat(path)).rejects.toThrow(/ENOENT/);
});

test('a stale socket file is replaced', async () => {
  const path = await socketPath();
  {
    await using killed = await startAttachable(path);
    killed.program.signal('SIGKILL');
    await killed.program.exit();
  }
  expect((await stat(path)).isSocket()).toBe(true);
  await using echo = await startAttachable(path);
  expect(await echo.program.log('stale socket file replaced')).toMatchObject({ path });
  await attach(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('an operator that sends a line without end is told so and closed', async () => {
  const path = await socketPath();
  await using echo = await startAttachable(path);
  const operator = await attach(path);
  operator.write('x'.repeat(65_537));
  expect((await readAll(operator)).toString()).toBe('a line has at most 65536 bytes\n');
  expect(echo.program.logs('draining')).toEqual([]);
});

test.each([
  [['--operator', 'unix:/run/operator.sock'], /--operator is for the session operator, this one is echo/],
  [['--session', 'operator', '--operator', 'unix:@name'], /unix:@name.*give unix:\/path/],
  [['--session', 'operator', '--operator', '127.0.0.1:9'], /127\.0\.0\.1:9.*give unix:\/path/],
  [['--session', 'operator', '--mode', 'concurrent', '--workers', '2'], /one operator takes one process: leave --workers out/],
])('%j is wrong usage', async (args, message) => {
  await using program = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', ...args], { stdin: 'ignore' });
  const { code, stderr } = await program.exit();
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

test.skipIf(!nc.available)('nc -U is an operator', async () => {
  const path = await socketPath();
  await using echo = await startAttachable(path);
  await using operator = startCommand([nc.command, '-N', '-U', path]);
  await operator.line(/you are the operator/);
  const client = await connectTo(echo.port);
  await operator.waitFor(/>>> $/);
  operator.write('hello from nc\n');
  expect((await receive(client, 13)).toString()).toBe('hello from nc');
  operator.write('/who\n');
  await operator.line(/^1 +127\.0\.0\.1:\d+ +serving/);
  operator.endInput();
  expect((await operator.exit()).code).toBe(0);
});

test('a socket file where somebody listens is left alone: exit code 69, with ways out', async () => {
  const path = await socketPath();
  const other = createServer().listen(path);
  onTestFinished(() => void other.close());
  await using program = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', '--session', 'operator', '--operator', `unix:${path}`]);
  const { code, stderr } = await program.exit();
  expect(code).toBe(69);
  expect(stderr).toContain('choose another path with --operator');
});
