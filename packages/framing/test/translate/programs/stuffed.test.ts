import { test } from 'vitest';
import { expectPrograms } from './expect-programs.ts';

test('programs that take stuffing out in place find what their codecs find', () => {
  expectPrograms(({ kind }) => ['slip', 'cobs', 'stuffed'].includes(kind), 5);
});
