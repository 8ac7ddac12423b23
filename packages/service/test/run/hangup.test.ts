import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import type { Terminal } from '@socklab/testkit';

const fixture = fileURLToPath(new URL('../fixtures/workers.ts', import.meta.url));

function start(args: readonly string[]): Terminal {
  return startTerminal([process.execPath, '-C', '@socklab/source', fixture, '--log-format', 'json', ...args], {
    size: { columns: 200, rows: 30 },
  });
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Whether the process has a handler for SIGHUP: without one, the system ends it, and nothing is shown by that. */
function handlesHangup(pid: number): boolean {
  const caught = /^SigCgt:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number.parseInt(caught?.at(-1) ?? '0', 16) & 1) === 1;
}

// At level error nothing is written at the end, which would tell of the terminal's end too.
test.skipIf(!terminalAvailable()).each([
  ['alone', ['--log-level', 'error']],
  ['with workers', ['--log-level', 'error', '--workers', '2']],
])('ends with the terminal it was started in, %s', async (_how, args) => {
  await using terminal = start([...args, '--admin', '127.0.0.1:0']);
  const pid = await terminal.pid();
  onTestFinished(() => {
    if (isThere(pid)) process.kill(pid, 'SIGKILL');
  });
  await expect.poll(() => handlesHangup(pid), { timeout: 15_000 }).toBe(true);
  // The program that plays the terminal: with it the terminal is gone.
  process.kill(parentOf(pid), 'SIGKILL');
  await expect.poll(() => isThere(pid), { timeout: 15_000 }).toBe(false);
});

test.skipIf(!terminalAvailable())('a SIGHUP that somebody sends is a reload, in a terminal too', async () => {
  await using terminal = start([]);
  await terminal.waitFor(/"msg":"listening"/);
  process.kill(await terminal.pid(), 'SIGHUP');
  await terminal.waitFor(/"msg":"reloaded"/);
  expect(isThere(await terminal.pid())).toBe(true);
});
