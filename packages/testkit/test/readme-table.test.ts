import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { readmeTable, repoRoot } from '@socklab/testkit';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'readme-table-'));
const file = join(folder, 'README.md');
const path = relative(repoRoot, file);
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  file,
  [
    '# Title',
    '',
    '## Empty',
    'words',
    '',
    '## Options',
    'words',
    '| flag | help |',
    '|---|---|',
    '| `--a <x\\|y>` | `a` or `b` |',
    '| `--b` | |',
    '',
    '## Next',
    '| c |',
    '|---|',
    '| 1 |',
  ].join('\n'),
);

test('reads the rows under a heading, by column, code quotes and escaped pipes undone', () => {
  expect(readmeTable(path, 'Options')).toEqual([
    { flag: '--a <x|y>', help: '`a` or `b`' },
    { flag: '--b', help: '' },
  ]);
});

test('refuses a heading or a table that is not there', () => {
  expect(() => readmeTable(path, 'Missing')).toThrow('no heading "Missing"');
  expect(() => readmeTable(path, 'Empty')).toThrow('no table under "Empty"');
});
