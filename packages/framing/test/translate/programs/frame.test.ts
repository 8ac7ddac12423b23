import { test } from 'vitest';
import { expectPrograms } from './expect-programs.ts';

test('programs of lengths in headers find what their codecs find, and read no byte that is not there', () => {
  expectPrograms(({ kind }) => kind === 'frame' || kind === 'netty', 40);
});
