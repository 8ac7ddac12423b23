import { test } from 'vitest';
import { expectPrograms } from './expect-programs.ts';

test('the program of RESP finds what its codec finds', () => {
  expectPrograms(({ kind }) => kind === 'resp', 1);
});
