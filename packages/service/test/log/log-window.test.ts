import { createLogWindow } from '@socklab/service';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => void vi.useRealTimers());

test('a window lets its lines pass, counts the rest, and tells the count with the next that passes', () => {
  let time = 0;
  const window = createLogWindow({ windowMs: 100, lines: 2, now: () => time });
  expect([1, 2, 3, 4].map(() => window.pass('a'))).toEqual([0, 0, undefined, undefined]);
  expect(window.pass('b')).toBe(0);
  time = 99;
  expect(window.pass('a')).toBeUndefined();
  time = 100;
  expect([1, 2, 3].map(() => window.pass('a'))).toEqual([3, 0, undefined]);
});

test('at the end of a window it is told what was held back, once, if no line that passed has said so', () => {
  vi.useFakeTimers();
  const told: [string, number][] = [];
  const heldBack = (kind: string, lines: number): void => void told.push([kind, lines]);
  const window = createLogWindow({ windowMs: 100, lines: 1, now: () => performance.now(), heldBack });
  for (let line = 0; line < 5; line++) window.pass('a');
  window.pass('b');
  vi.advanceTimersByTime(99);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([['a', 4]]);
  expect(window.pass('a')).toBe(0);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([['a', 4]]);
});
