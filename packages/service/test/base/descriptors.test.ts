import { clampConnections } from '@socklab/service';
import { expect, test } from 'vitest';
import { readOpenFilesLimit } from '../../src/base/descriptors.ts';
import { startFixture } from '../process.ts';

const limits = (soft: string) =>
  [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max processes             31334                31334                processes ',
    `Max open files            ${soft.padEnd(20)} 1048576              files     `,
    'Max locked memory         8388608              8388608              bytes     ',
  ].join('\n');

test('the soft limit of open files is read, no other', () => {
  expect(readOpenFilesLimit(limits('1024'))).toBe(1024);
});

test.each([limits('unlimited'), '', 'Max open files'])('no limit is read from %j', (text) => {
  expect(readOpenFilesLimit(text)).toBeUndefined();
});

test.each([
  [1024, 64, 4096, 1024, false],
  [1024, 64, 1088, 1024, false],
  [1024, 64, 1087, 1023, true],
  [1024, 64, 80, 16, true],
  [1024, 64, 64, 1, true],
  [1024, 64, 10, 1, true],
  [1, 64, 10, 1, false],
  [Infinity, 64, 1024, 960, false],
  [1024, 100, 1024, 924, true],
])('%i connections, %i kept back, of %i files: %i, clamped %s', (wanted, reserve, openFiles, limit, clamped) => {
  expect(clampConnections(wanted, reserve, openFiles)).toEqual({ limit, clamped });
});

test.runIf(process.platform === 'linux')('a process with 80 descriptors keeps 64 of them back', async () => {
  // The hard limit as well: Node.js raises the soft limit to it when it starts.
  await using program = startFixture('descriptors', [], { through: ['/bin/sh', '-c', 'ulimit -n 80; exec "$@"', 'sh'] });
  const line = await program.line(/openFiles/);
  expect(JSON.parse(line)).toEqual({ openFiles: 80, limit: 16, clamped: true });
});
