import { expect, test } from 'vitest';
import { createRecentlyUsed } from '../../src/gate/recently-used.ts';
import type { RecentlyUsed } from '../../src/gate/recently-used.ts';

function shown(used: RecentlyUsed<number>): readonly number[] {
  const values: number[] = [];
  used.forEach((value) => values.push(value));
  return values;
}

test('shows values in the order of their use: get and set are one, peek is none', () => {
  const used = createRecentlyUsed<number>(3);
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    used.set(key, value);
  expect(used.get('a')).toBe(1);
  expect(used.peek('b')).toBe(2);
  expect(shown(used)).toEqual([2, 3, 1]);
  used.set('b', 4);
  expect(shown(used)).toEqual([3, 1, 4]);
  expect(used.oldest()).toMatchObject({ key: 'c', value: 3 });
});

test('is empty when its last value is deleted, and takes new ones', () => {
  const used = createRecentlyUsed<number>(1);
  used.set('a', 1);
  expect([used.delete('a'), used.delete('a')]).toEqual([true, false]);
  expect([used.size, used.oldest(), used.get('a')]).toEqual([0, undefined, undefined]);
  used.set('b', 2);
  used.set('c', 3);
  expect(shown(used)).toEqual([3]);
});

test('agrees with a plain model in every order of calls', () => {
  const max = 4;
  const used = createRecentlyUsed<number>(max);
  let model: (readonly [key: string, value: number])[] = [];
  let state = 1;
  for (let step = 0; step < 5000; step++) {
    state = (state * 48_271) % 2_147_483_647;
    const key = `k${state % 7}`;
    const known = model.find(([each]) => each === key);
    const others = model.filter(([each]) => each !== key);
    const call = (state >> 8) % 4;
    if (call === 0) {
      expect(used.get(key)).toBe(known?.[1]);
      if (known !== undefined) model = [...others, known];
    } else if (call === 1) {
      expect(used.delete(key)).toBe(known !== undefined);
      model = others;
    } else {
      used.set(key, step);
      model = [...others, [key, step] as const].slice(-max);
    }
    expect(shown(used)).toEqual(model.map(([, value]) => value));
    expect(used.size).toBe(model.length);
    expect(used.oldest()?.value).toBe(model[0]?.[1]);
  }
});
