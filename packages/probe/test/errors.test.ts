import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROBE_ERROR_CODES, ProbeError } from '../src/errors.ts';

const folder = new URL('../src/', import.meta.url);
const thrown = globSync('**/*.ts', { cwd: folder })
  .filter((file) => file !== 'errors.ts')
  .flatMap((file) => readFileSync(new URL(file, folder), 'utf8').match(/PROBE_ERR_[A-Z_]+/g) ?? []);

test('every code that is used is in the list, and every code in the list is used', () => {
  expect([...new Set(thrown)].toSorted()).toEqual([...PROBE_ERROR_CODES].toSorted());
});

test('an error has its code, its name and what caused it', () => {
  const cause = new Error('why');
  const error = new ProbeError('PROBE_ERR_PLAN', 'what', { cause });
  expect(error).toMatchObject({ name: 'ProbeError', code: 'PROBE_ERR_PLAN', message: 'what', cause });
});
