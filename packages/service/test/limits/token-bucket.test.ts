import { createKeyedBuckets, createTokenBucket, parseRate } from '@socklab/service';
import { expect, test } from 'vitest';

/** How many single tokens a bucket gives at one time, at most 10,000. */
function drain(take: () => boolean): number {
  let taken = 0;
  while (taken < 10_000 && take()) taken += 1;
  return taken;
}

test('starts full: gives its burst at once, and then nothing', () => {
  const bucket = createTokenBucket({ ratePerSecond: 10, burst: 5 });
  expect(drain(() => bucket.take(1000))).toBe(5);
});

test('gives one token for each interval of its rate, not earlier', () => {
  const bucket = createTokenBucket({ ratePerSecond: 10, burst: 1 });
  expect([0, 99, 100, 199, 200].map((nowMs) => bucket.take(nowMs))).toEqual([true, false, true, false, true]);
});

test('never holds more than its burst, however long nobody takes', () => {
  const bucket = createTokenBucket({ ratePerSecond: 1000, burst: 3 });
  drain(() => bucket.take(0));
  expect(drain(() => bucket.take(1e9))).toBe(3);
});

test('takes many tokens at once or none of them', () => {
  const bucket = createTokenBucket({ ratePerSecond: 1000, burst: 1500 });
  expect(bucket.take(0, 1501)).toBe(false);
  expect(bucket.take(0, 1000)).toBe(true);
  expect(bucket.take(0, 501)).toBe(false);
  expect(bucket.take(0, 500)).toBe(true);
  expect(bucket.take(1000, 1001)).toBe(false);
  expect(bucket.take(1000, 1000)).toBe(true);
});

test.each(['3/s', '7/s', '10/m', '333/s', '20000/s'])('over an hour of tries, %s lets through its rate and its burst, no more', (rate) => {
  const ratePerSecond = parseRate(rate);
  const bucket = createTokenBucket({ ratePerSecond, burst: 2 });
  const startMs = 1e9;
  const tries = Math.min(200_000, Math.ceil(ratePerSecond * 3600 * 3));
  const stepMs = 1000 / ratePerSecond / 3;
  let taken = 0;
  for (let index = 0; index < tries; index += 1) if (bucket.take(startMs + index * stepMs)) taken += 1;
  // A third of the tries, and what the full bucket held.
  expect(taken).toBeGreaterThanOrEqual(Math.floor(tries / 3));
  expect(taken).toBeLessThanOrEqual(Math.ceil(tries / 3) + 2);
});

test('a clock that goes back fills nothing', () => {
  const bucket = createTokenBucket({ ratePerSecond: 1, burst: 1 });
  expect([5000, 1000, 5999, 6000].map((nowMs) => bucket.take(nowMs))).toEqual([true, false, false, true]);
});

test('without a burst, one second is held, and at least one token', () => {
  const quick = createTokenBucket({ ratePerSecond: 50 });
  expect(drain(() => quick.take(0))).toBe(50);
  const slow = createTokenBucket({ ratePerSecond: 0.1 });
  expect(drain(() => slow.take(0))).toBe(1);
});

test('off is no limit', () => {
  const bucket = createTokenBucket({ ratePerSecond: parseRate('off') });
  expect(drain(() => bucket.take(0, 1e9))).toBe(10_000);
  const buckets = createKeyedBuckets({ ratePerSecond: parseRate('off'), burst: 1 });
  expect(drain(() => buckets.take('a', 0))).toBe(10_000);
  expect(buckets.size).toBe(0);
});

test.each([
  [{ ratePerSecond: 0 }, 'ratePerSecond is 0'],
  [{ ratePerSecond: Number.NaN }, 'ratePerSecond is NaN'],
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
