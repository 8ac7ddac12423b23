/** Lets several run concurrently, or one alone. */
export interface Lock {
  /** Starts when none runs alone or waits to. */
  shared<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Starts when no other runs; those that wait to run alone are served in order. */
  exclusive<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Makes a {@link Lock}. */
export function createLock(): Lock {
  const counts = { running: 0, queued: 0 };
  let last: Promise<unknown> = Promise.resolve();
  let onIdle: (() => void) | undefined;
  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      if (counts.running === 0) resolve();
      else onIdle = resolve;
    });
  return {
    async shared(work) {
      while (counts.queued > 0) await last;
      counts.running += 1;
      try {
        return await work();
      } finally {
        counts.running -= 1;
        if (counts.running === 0) onIdle?.();
      }
    },
    exclusive(work) {
      counts.queued += 1;
      const before = last;
      const mine = (async () => {
        await before;
        await idle();
        try {
          return await work();
        } finally {
          counts.queued -= 1;
        }
      })();
      last = mine.then(
        () => undefined,
        () => undefined,
      );
      return mine;
    },
  };
}
