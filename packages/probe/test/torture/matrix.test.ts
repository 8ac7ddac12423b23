import { readFileSync } from 'node:fs';
import { framingOf } from '@socklab/framing';
import { expect, test } from 'vitest';
import { TORTURE_PLANS } from '../../src/torture/corpus/corpus.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly framing: string;
  readonly npm?: string;
  readonly tests?: readonly string[];
}

const { rows } = (await import(new URL('../../matrix/rows.mjs', import.meta.url).href)) as { readonly rows: readonly Row[] };
const page = readFileSync(new URL('../../../../docs/torture.md', import.meta.url), 'utf8');

/** The rows of the table: decoder, version, language, framing, and the row's id at the end. */
const documented = (page.split(/<!(?:--) (?:end of the )?matrix (?:--)>/)[1] ?? '')
  .trim()
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

test('the matrix in the documentation has every row, in order', () => {
  const cells = documented.map(([, name, version, language, framing, ...rest]) => ({ name, version, language, framing, id: rest.at(-2) }));
  const expected = rows.map(({ id, name, language, framing, npm }) => ({
    id,
    name,
    language,
    framing: framingOf(framing).name,
    version: npm === undefined ? (expect.stringMatching(/^\d[\d.]*$/) as string) : npm.slice(npm.lastIndexOf('@') + 1),
  }));
  expect(cells).toEqual(expected);
});

test('at least fifteen decoders in four languages are tried, with kinds of tests that there are', () => {
  expect(new Set(rows.map(({ name }) => name)).size).toBeGreaterThanOrEqual(15);
  expect(new Set(rows.map(({ language }) => language)).size).toBeGreaterThanOrEqual(4);
  const kinds = TORTURE_PLANS.map(({ name }) => name);
  for (const { tests = [] } of rows) expect(kinds).toEqual(expect.arrayContaining([...tests]));
});
