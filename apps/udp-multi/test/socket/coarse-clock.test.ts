import { expect, test, vi } from 'vitest';
import { createCoarseClock } from '../../src/socket/coarse-clock.ts';

test('the time is read once a tick, and not while nobody asks', () => {
  vi.useFakeTimers();
  try {
    let reads = 0;
    const clock = createCoarseClock(() => (reads += 1));
    for (let index = 0; index < 1000; index++) expect(clock.now()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
    expect(clock.now()).toBe(2);
    clock.close();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
