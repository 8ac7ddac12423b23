import { createTokenBucket, parseRate } from '@socklab/service';
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
});

test.each([
  [{ ratePerSecond: 0 }, 'ratePerSecond is 0'],
  [{ ratePerSecond: Number.NaN }, 'ratePerSecond is NaN'],
  [{ ratePerSecond: 1, burst: 0 }, 'burst is 0'],
])('%j is no limit that can be kept', (limit, message) => {
  expect(() => createTokenBucket(limit)).toThrow(new RegExp(`^${message}: give`));
});
