import { fileURLToPath } from 'node:url';
import { keys, startTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import type { Terminal } from '@socklab/testkit';

const fixture = fileURLToPath(new URL('../fixtures/console.ts', import.meta.url));
const start = (): Terminal => startTerminal([process.execPath, '-C', '@socklab/source', fixture]);

const rows = (terminal: Terminal) =>
  terminal
    .screenText()
    .trimEnd()
    .split('\n')
    .map((row) => row.trimEnd());

/** What happens while the operator types: a log line and a peer's message. */
async function interrupt(terminal: Terminal): Promise<void> {
  process.kill(await terminal.pid(), 'SIGUSR2');
  await terminal.waitFor(/: 你好/);
}

test.skipIf(!terminalAvailable())('a line typed at the prompt is the answer', async () => {
  await using terminal = start();
  await terminal.waitFor(/^>>> $/m);
  terminal.enter('hello');
  await terminal.waitFor(/you said: hello/);
  await terminal.waitFor(/^>>> $/m);
  expect(rows(terminal)).toEqual(['>>> hello', 'you said: hello', '>>>']);
});

test.skipIf(!terminalAvailable())('log lines and messages go above the prompt, and what was typed stays', async () => {
  await using terminal = start();
  await terminal.waitFor(/^>>> $/m);
  terminal.write('helo');
  await terminal.waitFor(/>>> helo/);
  terminal.write(keys.left);
  await terminal.until('the cursor before the o', () => terminal.cursor().column === 7);
  await interrupt(terminal);
  await terminal.until('the prompt below', () => rows(terminal).at(-1) === '>>> helo');
  expect(rows(terminal)).toEqual([
    expect.stringMatching(/^\[.*\] INFO: console: something happened \{"from":"below"\}$/),
    "('127.0.0.1', 59120) : 你好",
    '>>> helo',
  ]);
  await terminal.until('the cursor where it was', () => terminal.cursor().column === 7 && terminal.cursor().row === 2);
  terminal.enter('l');
  await terminal.waitFor(/you said: hello/);
});

test.skipIf(!terminalAvailable())('a line longer than the terminal is wide stays whole', async () => {
  await using terminal = start();
  await terminal.waitFor(/^>>> $/m);
  const typed = 'x'.repeat(250);
  terminal.write(typed);
  await terminal.until('three rows', () => terminal.cursor().row === 2 && terminal.cursor().column === 54);
  await interrupt(terminal);
  await terminal.until('three rows below', () => terminal.cursor().row === 4 && terminal.cursor().column === 54);
  expect(rows(terminal).slice(1)).toEqual(["('127.0.0.1', 59120) : 你好", `>>> ${'x'.repeat(96)}`, 'x'.repeat(100), 'x'.repeat(54)]);
  terminal.write(keys.enter);
  await terminal.waitFor(/you said: x/);
});

test.skipIf(!terminalAvailable())('Ctrl-C is SIGINT, and leaves the terminal as it was', async () => {
  await using terminal = start();
  await terminal.waitFor(/^>>> $/m);
  terminal.write('half');
  await terminal.waitFor(/>>> half/);
  terminal.write(keys.ctrlC);
  const { code, screen } = await terminal.exit();
  expect(screen.trimEnd().split('\n')).toEqual(['interrupted', 'ended']);
  expect(code).toBe(0);
});

test.skipIf(!terminalAvailable())('Ctrl-D ends the input', async () => {
  await using terminal = start();
  await terminal.waitFor(/^>>> $/m);
  terminal.write(keys.ctrlD);
  const { code, screen } = await terminal.exit();
  expect(screen.trimEnd()).toBe('ended');
  expect(code).toBe(0);
});
