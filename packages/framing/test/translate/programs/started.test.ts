import { test } from 'vitest';
import { expectPrograms } from './expect-programs.ts';

test('programs of frames between a start and an end find what their codecs find', () => {
  expectPrograms((layout) => 'start' in layout, 2);
});
