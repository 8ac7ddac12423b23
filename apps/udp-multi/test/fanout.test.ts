import { expect, test } from 'vitest';
import { fanOut } from '../src/fanout.ts';

const LISTENERS = [{ id: 1 }, { id: 2 }, { id: 3 }];

test('everybody but the author gets it, in order', () => {
  const got: number[] = [];
  expect(fanOut(LISTENERS, 2, ({ id }) => got.push(id))).toBe(2);
  expect(got).toEqual([1, 3]);
});

test('what nobody here said, all get', () => {
  const got: number[] = [];
  expect(fanOut(LISTENERS, 0, ({ id }) => got.push(id))).toBe(3);
  expect(fanOut([], 1, ({ id }) => got.push(id))).toBe(0);
  expect(got).toEqual([1, 2, 3]);
});
