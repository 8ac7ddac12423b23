import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundUdp, connectTo, readAll, receive, startProgram, startProgramTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../start.ts';
import type { Socket } from 'node:net';

async function socketPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'udp-multi-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'operator.sock');
}

async function shows(operator: Socket, text: string): Promise<void> {
  expect((await receive(operator, Buffer.byteLength(text))).toString()).toBe(text);
}

test('an operator attaches, answers two peers, gives a command, and ends the service', async () => {
  const path = await socketPath();
  await using server = await startServer(['--session', 'operator', '--operator', `unix:${path}`], { stdin: 'ignore' });
  const operator = await connectTo(path);
  await shows(operator, 'you are the operator; /help lists the commands\n');
  await using one = await boundUdp();
  await using two = await boundUdp();
  await one.send('hello', server.port);
  await shows(operator, `('127.0.0.1', ${one.port}) : hello\n>>> `);
  operator.write('hi\n');
  expect((await one.next()).text).toBe('hi');
  await two.send('me too', server.port);
  await shows(operator, `\n('127.0.0.1', ${two.port}) : me too\n>>> `);
  operator.write('/to #1 psst\n');
  expect((await one.next()).text).toBe('psst');
  await shows(operator, `\nsent to ('127.0.0.1', ${one.port})\n>>> `);
  operator.write('/quit\n');
  expect((await two.next()).text).toBe('q');
  expect((await readAll(operator)).toString()).toContain('\nending\n');
  operator.end();
  expect((await server.program.exit()).code).toBe(0);
  await expect(stat(path)).rejects.toThrow(/ENOENT/);
});

test('--operator is wrong usage where no operator takes part', async () => {
  await using program = startProgram('udp-multi', ['--listen', 'udp://127.0.0.1:0', '--operator', 'unix:/run/operator.sock']);
  const { code, stderr } = await program.exit();
  expect(code).toBe(2);
  expect(stderr).toMatch(/--operator is for the session operator and the topology one-to-many, these are echo and one-to-one/);
});

test('a command that comes before the service listens is done when it does', async () => {
  await using program = startProgram('udp-multi', ['--listen', 'udp://127.0.0.1:0', '--session', 'operator']);
  program.write('/who\n/quit\n');
  await program.line(/^nobody has written yet$/);
  expect((await program.exit()).code).toBe(0);
});

test.skipIf(!terminalAvailable())('Tab completes commands, the numbers of peers, and their addresses', async () => {
  await using terminal = startProgramTerminal('udp-multi', ['--session', 'operator', '--listen', 'udp://127.0.0.1:0']);
  const port = Number((await terminal.waitFor(/udp:\/\/127\.0\.0\.1:(\d+)/))[1]);
  await using one = await boundUdp();
  await using two = await boundUdp();
  await one.send('hello', port);
  await two.send('hello', port);
  await terminal.waitFor(/ : hello\n/);
  terminal.write('/t\t');
  await terminal.waitFor(/>>> \/to $/m);
  terminal.write('#2\t');
  await terminal.waitFor(/>>> \/to #2 $/m);
  terminal.enter('by number');
  expect((await two.next()).text).toBe('by number');
  terminal.write(`/to 127.0.0.1:${one.port}\t`);
  await terminal.waitFor(new RegExp(`>>> /to 127\\.0\\.0\\.1:${one.port} $`, 'm'));
  terminal.enter('by address');
  expect((await one.next()).text).toBe('by address');
});
