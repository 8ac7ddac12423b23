import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { boundedLines, linesTaken } from '../../src/log/bounded-lines.ts';

/** A pipe that nobody reads until the test does, and the lines that go into it. */
async function pipe() {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'pipe');
  spawnSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  onTestFinished(async () => {
    for (const fd of [reader, writer]) closeSync(fd);
    await folder[Symbol.asyncDispose]();
  });
  const lost: number[] = [];
  const lines = boundedLines(writer, {
    onReaderGone: () => undefined,
    onLost: (count) => {
      lost.push(count);
      lines.write(`lost ${count}\n`);
    },
  });
  let text = '';
  /** Reads what is there, at most so many bytes. */
  const read = (most = Number.POSITIVE_INFINITY): void => {
    const memory = Buffer.alloc(4096);
    for (let left = most; left > 0;) {
      try {
        const byteLength = readSync(reader, memory, 0, Math.min(left, memory.length), null);
        if (byteLength === 0) return;
        text += memory.toString('latin1', 0, byteLength);
        left -= byteLength;
      } catch {
        return;
      }
    }
  };
  return { lines, lost, read, text: () => text };
}

/** Fills the pipe and all that may wait, until lines are lost. */
function fill(lines: ReturnType<typeof boundedLines>, line: string): number {
  let written = 0;
  for (let before = -1; lines.waitingBytes !== before; written++) {
    before = lines.waitingBytes > 0 ? lines.waitingBytes : -1;
    lines.write(line);
  }
  return written;
}

const longLine = (number: number): string => `${number} ${'x'.repeat(5000)}\n`;

test('every line is whole and in order however little is read at a time, and the loss is told between two lines', async () => {
  const { lines, lost, read, text } = await pipe();
  let written = 0;
  for (; written < 400; written++) lines.write(longLine(written));
  // The pipe takes part of a line each time: more lines come meanwhile.
  for (let round = 0; round < 600; round++) {
    read(7001);
    lines.write(longLine(written++));
  }
  while (lines.waitingBytes > 0) {
    read();
    lines.write(longLine(written++));
  }
  read();
  const seen = text().trimEnd().split('\n');
  const numbers = seen.filter((each) => !each.startsWith('lost')).map((each) => /^(\d+) x{5000}$/.exec(each)?.[1]);
  expect(numbers).not.toContain(undefined);
  expect(numbers.map(Number)).toEqual(numbers.map(Number).toSorted((a, b) => a - b));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(seen.filter((each) => each.startsWith('lost'))).toEqual(lost.map((count) => `lost ${count}`));
  expect(lost.length).toBeGreaterThan(0);
  expect(numbers.length + lost.reduce((sum, count) => sum + count, 0)).toBe(written);
});

test('what waits is put together once, and not copied anew for each line that comes', () => {
  let isFull = false;
  const tried = new Set<Buffer>();
  let copiedBytes = 0;
  const writeSome = (_: number, bytes: Buffer): number => {
    if (!isFull) return bytes.length;
    if (!tried.has(bytes)) copiedBytes += bytes.length;
    tried.add(bytes);
    throw Object.assign(new Error('full'), { code: 'EAGAIN' });
  };
  const lines = boundedLines(2, { writeSome, onReaderGone: () => undefined, onLost: () => undefined });
  lines.write('the first\n');
  isFull = true;
  for (let line = 0; line < 5000; line++) lines.write(`${'x'.repeat(199)}\n`);
  expect(lines.waitingBytes).toBe(1_000_000);
  // A copy of all of it for each line would be 2.5 GB.
  expect(copiedBytes).toBeLessThan(10_000_000);
  isFull = false;
  lines.write('the last\n');
  expect(lines.waitingBytes).toBe(0);
});

test('at most 1 MiB waits', async () => {
  const { lines } = await pipe();
  fill(lines, `${'x'.repeat(999)}\n`);
  expect(lines.waitingBytes).toBeLessThanOrEqual(1_048_576 + 1000);
  expect(lines.waitingBytes).toBeGreaterThan(1_047_000);
});

/** Lines to a disk that has room for so many bytes more. */
function disk(options: { room: number }) {
  let text = '';
  const codes: string[] = [];
  const writeSome = (_: number, bytes: Buffer): number => {
    if (options.room === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const taken = bytes.subarray(0, options.room);
    options.room -= taken.length;
    text += taken.toString('latin1');
    return taken.length;
  };
  const lines = boundedLines(2, {
    writeSome,
    onReaderGone: () => undefined,
    onLost: (count, code) => {
      codes.push(code);
      lines.write(`lost ${count}\n`);
    },
  });
  return { lines, codes, text: () => text };
}

test('a disk that is full takes half a line: the next one that fits begins anew, and the loss is told once', () => {
  for (let room = 4; room <= 12; room++) {
    const space = { room };
    const { lines, codes, text } = disk(space);
    for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) lines.write(line);
    space.room = 1000;
    lines.write('five\n');
    lines.write('six\n');
    const whole = text().split('\n');
    expect(whole.slice(-4), `${room} bytes of room`).toEqual([
      expect.stringMatching(/^five$/),
      expect.stringMatching(/^lost \d$/),
      'six',
      '',
    ]);
    expect(codes).toEqual(['ENOSPC']);
    // A line that lacked its end alone is counted as lost, and is whole all the same.
    const begun = whole.slice(0, -4).filter((line) => ['one', 'two', 'three', 'four'].includes(line)).length;
    expect(begun + Number(/lost (\d)/.exec(text())?.[1])).toBe(room === 7 ? 5 : 4);
  }
});

test('a reader that has gone is told of once, whatever waits, and nothing is kept for it', async () => {
  let told = 0;
  let isThere = true;
  const writeSome = (_: number, bytes: Buffer): number => {
    if (!isThere) throw Object.assign(new Error('gone'), { code: 'EPIPE' });
    if (bytes.length > 10) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
    return bytes.length;
  };
  const lines = boundedLines(2, { writeSome, onReaderGone: () => (told += 1), onLost: () => undefined });
  lines.write('short\n');
  for (let line = 0; line < 5000; line++) lines.write('longer than ten\n');
  expect(lines.waitingBytes).toBe(5000 * 16);
  const taken = linesTaken(60_000);
  isThere = false;
  lines.write('x\n');
  await taken;
  expect([told, lines.waitingBytes]).toEqual([1, 0]);
  lines.write('y\n');
  expect([told, lines.waitingBytes]).toEqual([1, 0]);
});
