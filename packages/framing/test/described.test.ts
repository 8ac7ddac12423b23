import { expect, test } from 'vitest';
import { described, descriptionOf } from '../src/described.ts';

test('a description is asked for when it is wanted, and belongs to one thing', () => {
  let asked = 0;
  const thing = described({}, () => ++asked);
  expect(asked).toBe(0);
  expect([descriptionOf(thing), descriptionOf({ ...thing })]).toEqual([1, undefined]);
});
