import { expect, test } from 'vitest';
import { plainFormat } from '../../src/codecs/plain-format.ts';
import { descriptionOf } from '../../src/described.ts';
import { custom } from '../../src/index.ts';

test('a format is noted with the name of its codec', () => {
  const codec = custom({ name: 'mine', measure: () => 0 });
  expect(plainFormat(codec, { summary: 'as it is', isCanonical: true })).toBe(codec);
  expect(descriptionOf(codec)).toEqual({ plain: 'mine', summary: 'as it is', isCanonical: true });
});
