import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connectTo,
  keys,
  programCommand,
  readAll,
  receive,
  startProgramTerminal,
  startTerminal,
  terminalAvailable,
} from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import type { Terminal } from '@socklab/testkit';

const start = (): Terminal => startProgramTerminal('tcp-echo', ['--session', 'operator', '--listen', 'tcp://127.0.0.1:0']);
const portOf = async (terminal: Terminal): Promise<number> => Number((await terminal.waitFor(/tcp:\/\/127\.0\.0\.1:(\d+)/))[1]);

test.skipIf(!terminalAvailable())('commands work while an answer is waited for, and the arrow keys bring lines back', async () => {
  await using terminal = start();
  const port = await portOf(terminal);
  const client = await connectTo(port);
  await terminal.waitFor(/>>> $/);
  terminal.enter('well?');
  expect((await receive(client, 5)).toString()).toBe('well?');
  terminal.enter('/to 1 psst');
  expect((await receive(client, 4)).toString()).toBe('psst');
  await terminal.waitFor(/^sent to 1/m);
  terminal.write(keys.up);
  await terminal.until('the line again', () => /\/to 1 psst *$/.test(terminal.screenText().trimEnd()));
  terminal.write(keys.enter);
  expect((await receive(client, 4)).toString()).toBe('psst');
  terminal.enter('/quit');
  expect((await readAll(client)).toString()).toBe('q');
  client.end();
  expect((await terminal.exit()).code).toBe(0);
});

test.skipIf(!terminalAvailable())('Tab completes commands and the IDs of connections', async () => {
  await using terminal = start();
  const client = await connectTo(await portOf(terminal));
  await terminal.waitFor(/>>> $/);
  terminal.write('/t\t');
  await terminal.waitFor(/>>> \/to $/m);
  terminal.write('\t');
  await terminal.waitFor(/>>> \/to 1 $/m);
  terminal.enter('hello');
  expect((await receive(client, 5)).toString()).toBe('hello');
  await terminal.waitFor(/^sent to 1/m);
});

test.skipIf(!terminalAvailable())('what a command shows goes above the prompt with what was typed', async () => {
  await using terminal = start();
  const client = await connectTo(await portOf(terminal));
  await terminal.waitFor(/>>> $/);
  terminal.enter('/who');
  await terminal.waitFor(/^1 +127\.0\.0\.1:\d+ +serving/m);
  await terminal.until('the prompt below the table', () => terminal.screenText().trimEnd().endsWith('>>>'));
  terminal.write('half a l');
  await terminal.waitFor(/>>> half a l/);
  client.end();
  await terminal.waitFor(/peer-ended/);
  await terminal.until('the line kept', () => terminal.screenText().trimEnd().endsWith('half a l'));
});

test.skipIf(!terminalAvailable())('an operator whose terminal closes takes leave of the client, and the exit code is 0', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tcp-echo-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const codeFile = join(folder, 'code');
  const service = programCommand('tcp-echo', ['--session', 'operator', '--listen', 'tcp://127.0.0.1:0', '--goodbye', 'bye']);
  // A shell that outlives the terminal keeps the exit code.
  await using terminal = startTerminal(['sh', '-c', `trap : HUP; "$@"; echo $? > ${codeFile}`, 'sh', ...service]);
  const client = await connectTo(await portOf(terminal));
  await terminal.waitFor(/>>> $/);
  terminal.hangUp();
  expect((await readAll(client)).toString()).toBe('qbye');
  client.end();
  await expect.poll(() => readFile(codeFile, 'utf8').catch(() => ''), { timeout: 15_000 }).toBe('0\n');
});
