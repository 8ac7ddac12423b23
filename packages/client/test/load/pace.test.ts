import { expect, test } from 'vitest';
import { createPace } from '../../src/load/pace.ts';

test('without a rate messages go as soon as they are wanted, until all are taken', () => {
  const pace = createPace({ startMs: 100, messages: 10 });
  expect(pace.claim(4, 107)).toBe(4);
  expect(pace).toMatchObject({ firstDueMs: 107, stepMs: 0, claimed: 4 });
  expect(pace.owed(107)).toBe(6);
  expect([pace.claim(100, 108), pace.claim(1, 108)]).toEqual([6, 0]);
  expect([pace.isOver(108), pace.owed(108)]).toEqual([true, 0]);
});

test('without a rate a duration ends it, and nothing is owed', () => {
  const pace = createPace({ startMs: 100, durationMs: 50 });
  expect([pace.claim(3, 149.9), pace.isOver(149.9), pace.claim(3, 150), pace.isOver(150)]).toEqual([3, false, 0, true]);
  expect(pace.owed(1000)).toBe(0);
});

test('with a rate messages go when they are due, and each is due at its own time', () => {
  const pace = createPace({ startMs: 1000, messages: 10, ratePerSecond: 100 });
  expect(pace.claim(5, 1000)).toBe(1);
  expect([pace.claim(5, 1009), pace.nextDueMs()]).toEqual([0, 1010]);
  expect(pace.claim(2, 1035)).toBe(2);
  expect(pace).toMatchObject({ firstDueMs: 1010, stepMs: 10 });
  expect(pace.owed(1035)).toBe(1);
  expect(pace.claim(5, 1035)).toBe(1);
  expect(pace.firstDueMs).toBe(1030);
});

test('a rate that could not be kept owes what was due', () => {
  const pace = createPace({ startMs: 0, durationMs: 1000, ratePerSecond: 10 });
  expect(pace.claim(3, 999)).toBe(3);
  expect(pace.owed(5000)).toBe(7);
  expect(pace.isOver(5000)).toBe(true);
});

test.each([3, 7, 1000, 333.3])('a duration at %d/s has the messages due before its end, even when the last come late', (ratePerSecond) => {
  const pace = createPace({ startMs: 12.345, durationMs: 2000, ratePerSecond });
  expect(pace.claim(1e6, 12.345 + 2001)).toBe(Math.ceil(2 * ratePerSecond));
  expect([pace.owed(1e6), pace.isOver(2014), pace.nextDueMs()]).toEqual([0, true, undefined]);
});

test('a pace that is stopped gives nothing more, and its next message is never due', () => {
  for (const ratePerSecond of [undefined, 100]) {
    const pace = createPace({ startMs: 0, messages: 10, ratePerSecond });
    pace.stop();
    expect([pace.claim(1, 1000), pace.isOver(0), pace.nextDueMs()]).toEqual([0, true, undefined]);
  }
});
