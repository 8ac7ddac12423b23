/** Lets many work side by side, or one alone. */
export interface Lock {
  /** Begins when nobody is alone or waits to be. */
  shared<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Begins when nobody else is at work; those who wait to be alone come in order. */
  exclusive<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Makes a {@link Lock}. */
export function createLock(): Lock {
  let running = 0;
  let queued = 0;
  let last: Promise<unknown> = Promise.resolve();
  let onIdle: (() => void) | undefined;
  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      if (running === 0) resolve();
      else onIdle = resolve;
    });
  return {
    async shared(work) {
      while (queued > 0) await last;
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        if (running === 0) onIdle?.();
      }
    },
    exclusive(work) {
      queued += 1;
      const before = last;
      const mine = (async () => {
        await before;
        await idle();
        try {
          return await work();
        } finally {
          queued -= 1;
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
