/** A clock with one system call per tick, however many datagrams read it. */
export interface CoarseClock {
  /** Milliseconds from any start, up to one tick old. */
  now(): number;
  /** Stops the timer; `now` still works. */
  close(): void;
}

/** Finer than any limit that is measured with it. */
const TICK_MS = 10;

/** Makes a {@link CoarseClock}. It runs only while it is read: an idle service is not woken by it. */
export function createCoarseClock(read: () => number = () => performance.now()): CoarseClock {
  let timer: NodeJS.Timeout | undefined;
  let tick: number | undefined;
  const forget = (): void => {
    tick = undefined;
    timer = undefined;
  };
  return {
    now() {
      if (tick !== undefined) return tick;
      const time = read();
      tick = time;
      timer ??= setTimeout(forget, TICK_MS).unref();
      return time;
    },
    close() {
      clearTimeout(timer);
      forget();
    },
  };
}
