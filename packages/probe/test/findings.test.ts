import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Target {
  readonly id: string;
  readonly expected?: string;
}

interface Result {
  readonly id: string;
  readonly kind: 'server' | 'client';
  readonly version?: string;
  readonly outcome: string;
  readonly proof?: string;
}

const FINDINGS = new URL('../findings/', import.meta.url);
const load = (file: string): Promise<unknown> => import(new URL(file, FINDINGS).href);
const { targets } = (await load('targets/index.mjs')) as { readonly targets: readonly Target[] };
const { isResult, pageOf } = (await load('table.mjs')) as {
  readonly isResult: (result: Result) => boolean;
  readonly pageOf: (page: string, results: readonly Result[], language: string) => string;
};
const results = JSON.parse(readFileSync(new URL('results.json', FINDINGS), 'utf8')) as readonly Result[];
const proofOf = (id: string): URL => new URL(`proofs/${id}.mjs`, FINDINGS);

/** Without what formatting adds to a table. */
const unaligned = (page: string): string => page.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');

test.for([
  ['en', 'findings.md'],
  ['zh', 'findings.zh-CN.md'],
] as const)('docs in %s say what the last run saw', ([language, file]) => {
  const page = readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8');
  expect(unaligned(page)).toBe(unaligned(pageOf(page, results, language)));
});

test('at least sixty servers and clients were tried, each in a version', () => {
  const tried = results.filter(isResult);
  expect(tried.length).toBeGreaterThanOrEqual(60);
  expect(new Set(tried.map(({ kind }) => kind))).toEqual(new Set(['server', 'client']));
  for (const { id, version } of tried) expect(version, id).toMatch(/^\d/);
});

test('each result is of a target that is declared once, and in the order of the targets', () => {
  const ids = targets.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(results.map(({ id }) => id)).toEqual(ids.filter((id) => results.some((result) => result.id === id)));
});

test('nobody is said to fail without a script that shows the same and knows nothing of the probe', () => {
  const failed = results.filter(({ outcome }) => outcome === 'fail');
  expect(failed.length).toBeGreaterThan(0);
  for (const { id, proof } of failed) {
    expect(existsSync(proofOf(id)), id).toBe(true);
    expect(readFileSync(proofOf(id), 'utf8'), id).not.toContain('socklab');
    expect(proof?.split('\n'), id).toHaveLength(2);
  }
});
