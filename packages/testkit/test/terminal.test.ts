import { once } from 'node:events';
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test as anyTest } from 'vitest';
import { closed, keys, listening, repoRoot, sourceCommand, startProgramTerminal, startTerminal, terminalAvailable } from '../src/index.ts';
import { fixture } from './puppet.ts';
import type { Terminal, TerminalOptions } from '../src/index.ts';
import type { Socket } from 'node:net';

const test = anyTest.skipIf(!terminalAvailable());

function startPrompter(options: TerminalOptions = {}): Terminal {
  return startTerminal(sourceCommand(fixture('prompter.ts')), options);
}

test('gives the program a terminal of 100 columns and 30 rows, or the size asked for', async () => {
  await using usual = startPrompter();
  await usual.waitFor(/^terminal true true 100x30$/m);
  await using small = startPrompter({ size: { columns: 40, rows: 10 } });
  await small.waitFor(/^terminal true true 40x10$/m);
});

test('shows the prompt, what is typed and the answer, as a person sees them', async () => {
  await using terminal = startPrompter();
  await terminal.waitFor(/>>> $/);
  terminal.enter('你好');
  await terminal.waitFor(/got/);
  await terminal.waitFor(/>>> $/);
  terminal.write(`helo${keys.left}l`);
  await terminal.waitFor(/hello$/);
  expect(terminal.screenText()).toBe('terminal true true 100x30\n>>> 你好\ngot "你好"\n>>> hello');
  await terminal.until('the cursor before the o', () => terminal.cursor().row === 3 && terminal.cursor().column === 8);
  expect(terminal.rawText()).toContain('\x1b[');
});

test('Ctrl-C reaches a program that reads keys, and its exit code comes back', async () => {
  await using terminal = startPrompter();
  await terminal.waitFor(/>>> $/);
  terminal.write(keys.ctrlC);
  expect(await terminal.exit()).toEqual({ code: 3, screen: expect.stringMatching(/^interrupted$/m) });
});

test('Ctrl-D on an empty line ends the input', async () => {
  await using terminal = startPrompter();
  await terminal.waitFor(/>>> $/);
  terminal.write(keys.ctrlD);
  expect(await terminal.exit()).toEqual({ code: 0, screen: expect.stringContaining('closed') });
});

test('echoes lines to a program that does not, and Ctrl-C interrupts it as code 130', async () => {
  await using terminal = startTerminal(['cat']);
  await terminal.pid();
  terminal.enter('hello');
  await terminal.waitFor(/^hello\nhello$/m);
  terminal.write(keys.ctrlC);
  expect((await terminal.exit()).code).toBe(130);
});

test('passes words, folder and environment unchanged', async () => {
  const script = 'console.log(JSON.stringify([process.argv[1], process.cwd(), process.env.WORD, process.env.NO_COLOR]))';
  await using terminal = startTerminal([process.execPath, '-e', script, `it's "$HOME"`], { cwd: repoRoot, env: { WORD: 'x y' } });
  expect(JSON.parse((await terminal.waitFor(/^\[.*\]$/m))[0])).toEqual([`it's "$HOME"`, repoRoot, 'x y', '1']);
});

test('rejects a wait with the screen when the program exits first', async () => {
  await using terminal = startTerminal(['echo', 'good', 'bye']);
  await expect(terminal.waitFor(/never/)).rejects.toThrow(
    /waited for \/never\/ on the screen, but the process exited with code 0\n[^]*good bye/,
  );
});

test('pid() is the program itself, which a signal reaches', async () => {
  await using terminal = startPrompter();
  await terminal.waitFor(/>>> $/);
  process.kill(await terminal.pid(), 'SIGTERM');
  expect((await terminal.exit()).code).toBe(128 + 15);
});

test('leaving the scope kills a program that ignores the loss of its terminal', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  const port = await listening(server);
  let connection: Socket;
  {
    const script = `process.on('SIGHUP', () => undefined); require('node:net').connect(${port}, '127.0.0.1')`;
    await using terminal = startTerminal([process.execPath, '-e', script]);
    [connection] = (await once(server, 'connection')) as [Socket];
    await terminal.pid();
  }
  await closed(connection);
});

test('startProgramTerminal runs a service from source, in its folder', async () => {
  const preload = pathToFileURL(fixture('introduce.mjs')).href;
  await using terminal = startProgramTerminal('tcp-echo', ['connect'], { env: { NODE_OPTIONS: `--import ${preload}` } });
  const { screen } = await terminal.exit();
  expect(JSON.parse(screen.replaceAll('\n', ''))).toMatchObject({
    folder: `${repoRoot}/apps/tcp-echo`,
    file: `${repoRoot}/apps/tcp-echo/src/main.ts`,
    arguments: ['connect'],
  });
});
