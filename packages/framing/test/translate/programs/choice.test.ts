import { test } from 'vitest';
import { expectPrograms } from './expect-programs.ts';

test('programs of several formats in one stream find what their codecs find', () => {
  expectPrograms(({ kind }) => kind === 'choice', 2);
});
