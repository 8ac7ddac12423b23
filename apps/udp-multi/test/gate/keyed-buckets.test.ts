import { parseRate } from '@socklab/service';
import { expect, test } from 'vitest';
import { createKeyedBuckets } from '../../src/gate/keyed-buckets.ts';

/** How many single tokens a bucket gives at one time, at most 10,000. */
function drain(take: () => boolean): number {
  let taken = 0;
  while (taken < 10_000 && take()) taken += 1;
  return taken;
}

test('off is no limit, and keeps nothing', () => {
  const buckets = createKeyedBuckets({ ratePerSecond: parseRate('off'), burst: 1 });
  expect(drain(() => buckets.take('a', 0))).toBe(10_000);
  expect(buckets.size).toBe(0);
});

test.each([
  [{ ratePerSecond: 0 }, 'ratePerSecond is 0'],
  [{ ratePerSecond: 1, burst: 0 }, 'burst is 0'],
  [{ ratePerSecond: 1, maxKeys: 0 }, 'maxKeys is 0'],
])('%j is no limit that can be kept', (limit, message) => {
  expect(() => createKeyedBuckets(limit)).toThrow(new RegExp(`^${message}: give`));
});

test('each key has its own bucket', () => {
  const buckets = createKeyedBuckets({ ratePerSecond: 1, burst: 2 });
  expect(drain(() => buckets.take('a', 0))).toBe(2);
  expect(drain(() => buckets.take('b', 0))).toBe(2);
  expect(buckets.take('a', 1000)).toBe(true);
  expect(buckets.size).toBe(2);
});

test('the key used longest ago is given up, and starts full again', () => {
  const buckets = createKeyedBuckets({ ratePerSecond: 1, burst: 1, maxKeys: 3 });
  for (const key of ['a', 'b', 'c']) buckets.take(key, 0);
  // A refused try is a use as well: whoever floods keeps its empty bucket.
  expect(buckets.take('a', 0)).toBe(false);
  expect(buckets.take('d', 0)).toBe(true);
  expect(['a', 'c', 'd'].map((key) => buckets.take(key, 0))).toEqual([false, false, false]);
  expect(buckets.take('b', 0)).toBe(true);
  expect(buckets.size).toBe(3);
});

test('agrees with a plain model in every order of keys', () => {
  const maxKeys = 4;
  const buckets = createKeyedBuckets({ ratePerSecond: 1, burst: 2, maxKeys });
  let model: { key: string; left: number }[] = [];
  let state = 1;
  for (let step = 0; step < 5000; step += 1) {
    state = (state * 48_271) % 2_147_483_647;
    const key = `k${state % 7}`;
    const entry = model.find((each) => each.key === key) ?? { key, left: 2 };
    model = [...model.filter((each) => each !== entry), entry].slice(-maxKeys);
    const expected = entry.left > 0;
    if (expected) entry.left -= 1;
    expect(buckets.take(key, 0)).toBe(expected);
  }
  expect(buckets.size).toBe(maxKeys);
});

test('a hundred thousand distinct keys never take more room than the limit', () => {
  const buckets = createKeyedBuckets({ ratePerSecond: 1, burst: 1, maxKeys: 1000 });
  for (let key = 0; key < 100_000; key += 1) buckets.take(String(key), 0);
  expect(buckets.size).toBe(1000);
  expect(buckets.take('99999', 0)).toBe(false);
  expect(buckets.take('0', 0)).toBe(true);
});
