import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { repoRoot, tableFaults } from '@socklab/testkit';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'table-faults-'));
const path = relative(repoRoot, join(folder, 'README.md'));
const TABLE = `the table "Options" of ${path}`;
const [A, B, C] = ['a', 'b', 'c'].map((name) => ({ option: `--${name}`, default: name })) as [Row, Row, Row];
type Row = Readonly<Record<'option' | 'default', string>>;
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'README.md'),
  ['## Options', '| option | default | help |', '|---|---|---|', '| `--a` | `a` | x |', '| `--b` | `b` | y |'].join('\n'),
);

test('finds nothing in a table that has the rows, whatever its other columns are', () => {
  expect(tableFaults(path, 'Options', [A, B])).toEqual([]);
});

test('says which row to write, and behind which', () => {
  expect(tableFaults(path, 'Options', [A, C, B])).toEqual([
    `write into ${TABLE}, behind | option: --a | default: a |: | option: --c | default: c |`,
  ]);
  expect(tableFaults(path, 'Options', [C, A, B])).toEqual([`write into ${TABLE}, first: | option: --c | default: c |`]);
});

test('says which row to take out, also when one column differs', () => {
  expect(tableFaults(path, 'Options', [A])).toEqual([`take out of ${TABLE}: | option: --b | default: b |`]);
  expect(tableFaults(path, 'Options', [A, { ...B, default: 'c' }])).toEqual([
    `write into ${TABLE}, behind | option: --a | default: a |: | option: --b | default: c |`,
    `take out of ${TABLE}: | option: --b | default: b |`,
  ]);
});

test('says when only the order differs, or a row is there twice', () => {
  const order = `put the rows of ${TABLE} in this order, each once: `;
  expect(tableFaults(path, 'Options', [B, A])).toEqual([`${order}| option: --b | default: b | | option: --a | default: a |`]);
});

test('names the Chinese twin of a file that has one', () => {
  writeFileSync(join(folder, 'README.zh-CN.md'), '');
  expect(tableFaults(path, 'Options', [A])).toEqual([`take out of ${TABLE} and of its Chinese twin: | option: --b | default: b |`]);
});
