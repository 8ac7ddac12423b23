import { test } from 'vitest';
import { expectPrograms } from './expect-programs.ts';

test('programs of texts find what their codecs find', () => {
  expectPrograms(({ kind }) => kind === 'text', 9);
});
