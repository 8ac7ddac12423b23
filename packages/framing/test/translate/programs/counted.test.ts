import { test } from 'vitest';
import { expectPrograms } from './expect-programs.ts';

test('programs of decimal lengths find what their codecs find', () => {
  expectPrograms(({ kind }) => kind === 'netstring' || kind === 'octet-counted', 3);
});
