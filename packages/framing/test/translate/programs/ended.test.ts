import { test } from 'vitest';
import { expectPrograms } from './expect-programs.ts';

test('programs of lines and delimiters find what their codecs find', () => {
  expectPrograms(({ kind }) => kind === 'line' || kind === 'delimited', 5);
});
