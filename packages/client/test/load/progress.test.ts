import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { showProgress } from '@socklab/client';
import { startCommand, startTerminal, terminalAvailable } from '@socklab/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const FIXTURE = [process.execPath, '-C', '@socklab/source', fileURLToPath(new URL('./fixtures/progress.ts', import.meta.url))];

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** A stream that says it is a terminal: what is written to it can be looked at byte by byte. */
function fakeTerminal(columns = 40) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns });
  return { stream, written: () => String(stream.read() ?? '') };
}

test('shows the line in place, over what was longer, and erases it at the end', () => {
  const { stream, written } = fakeTerminal();
  let line = '100 messages';
  const progress = showProgress(stream, () => line);
  expect(written()).toBe('');
  vi.advanceTimersByTime(100);
  expect(written()).toBe('\r100 messages');
  line = '200 msg';
  vi.advanceTimersByTime(100);
  expect(written()).toBe('\r200 msg     ');
  progress.end();
  expect(written()).toBe(`\r${' '.repeat(7)}\r`);
  progress.end();
  vi.advanceTimersByTime(1000);
  expect(written()).toBe('');
});

test('is drawn at most ten times a second, and not again while it says the same', () => {
  const { stream, written } = fakeTerminal();
  let count = 0;
  const progress = showProgress(stream, () => String((count += 1)));
  vi.advanceTimersByTime(1000);
  expect(written().match(/\r/g)).toHaveLength(10);
  expect(count).toBe(10);
  progress.end();
  const same = fakeTerminal();
  const sameProgress = showProgress(same.stream, () => 'the same');
  vi.advanceTimersByTime(1000);
  expect(same.written()).toBe('\rthe same');
  sameProgress.end();
});

test('a terminal that nobody gave a size, which says 0 columns, counts as one of 80', () => {
  const { stream, written } = fakeTerminal(0);
  const progress = showProgress(stream, () => 'a'.repeat(100));
  vi.advanceTimersByTime(100);
  expect(written()).toBe(`\r${'a'.repeat(79)}`);
  progress.end();
});

test('is cut before the last column of the terminal, as wide as it is by then', () => {
  const { stream, written } = fakeTerminal(10);
  const progress = showProgress(stream, () => 'abcdefghijklmnopqrstuvwxyz');
  vi.advanceTimersByTime(100);
  expect(written()).toBe('\rabcdefghi');
  stream.columns = 6;
  vi.advanceTimersByTime(100);
  expect(written()).toBe('\rabcde    ');
  progress.end();
});

test('shows nothing, and asks for nothing, where there is no terminal', () => {
  const stream = new PassThrough({ encoding: 'utf8' });
  const text = vi.fn(() => 'never');
  const progress = showProgress(stream, text);
  vi.advanceTimersByTime(1000);
  progress.end();
  expect(stream.read()).toBeNull();
  expect(text).not.toHaveBeenCalled();
});

test('a terminal that is gone gets nothing more', () => {
  const { stream } = fakeTerminal();
  const progress = showProgress(stream, () => 'line');
  vi.advanceTimersByTime(100);
  stream.destroy();
  expect(() => progress.end()).not.toThrow();
});

test.skipIf(!terminalAvailable())('on a real terminal the result stands where the line was', async () => {
  vi.useRealTimers();
  await using terminal = startTerminal(FIXTURE);
  await terminal.waitFor(/^working, a long line of it/m);
  process.kill(await terminal.pid(), 'SIGUSR2');
  const { screen } = await terminal.exit();
  expect(screen).toMatch(/^started\s+done\s*$/);
});

test('a program whose standard error is a pipe says nothing there', async () => {
  vi.useRealTimers();
  await using program = startCommand(FIXTURE);
  await program.line(/started/);
  program.signal('SIGUSR2');
  await program.line(/done/);
  expect((await program.exit()).stderr).toBe('');
});
