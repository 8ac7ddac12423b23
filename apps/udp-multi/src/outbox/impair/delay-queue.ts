import { createSchedule } from './schedule.ts';
import type { ScheduleLimits } from './schedule.ts';

/** Runs actions later, ordered by time. */
export interface DelayQueue {
  readonly size: number;
  /** Runs `action` after `delayMs`; false, and never, when too much waits already. `bytes` is the memory that it holds. */
  add(action: () => void, delayMs: number, bytes: number): boolean;
  /** Runs everything that waits now, ordered by time, and stops the timer. */
  flush(): void;
}

/** Most that may be delayed: with long delays a busy service would fill its memory. */
const LIMITS: ScheduleLimits = { maxItems: 10_000, maxBytes: 16 * 1024 * 1024 };

/** Makes a {@link DelayQueue} with a single timer. */
export function createDelayQueue(now: () => number = () => performance.now(), limits: ScheduleLimits = LIMITS): DelayQueue {
  const schedule = createSchedule<() => void>(limits);
  let timer: NodeJS.Timeout | undefined;
  let wakesAtMs = Infinity;
  const arm = (): void => {
    const { nextMs } = schedule;
    if (nextMs === undefined || nextMs >= wakesAtMs) return;
    clearTimeout(timer);
    wakesAtMs = nextMs;
    timer = setTimeout(run, Math.max(0, nextMs - now()));
  };
  const run = (): void => {
    wakesAtMs = Infinity;
    const nowMs = now();
    for (let action = schedule.takeDue(nowMs); action !== undefined; action = schedule.takeDue(nowMs)) action();
    arm();
  };
  return {
    get size() {
      return schedule.size;
    },
    add(action, delayMs, bytes) {
      const isAdded = schedule.add(action, now() + delayMs, bytes);
      arm();
      return isAdded;
    },
    flush() {
      clearTimeout(timer);
      wakesAtMs = Infinity;
      for (let action = schedule.take(); action !== undefined; action = schedule.take()) action();
    },
  };
}
