import { delay } from '../delay.ts';

/** Options of {@link runPool}. */
export interface PoolOptions {
  /** How many run concurrently. */
  readonly concurrency: number;
  /** Most starts per second. @defaultValue unlimited */
  readonly maxPerSecond?: number | undefined;
  /** Once it returns true nothing more starts; running work is finished. */
  readonly isOver: () => boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` over items, each taken when there is room for it, so that a million of them take no memory.
 *
 * @throws the first error of `work`, after all running work is finished; the signal's reason once it aborts.
 */
export async function runPool<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
  { concurrency, maxPerSecond, isOver, signal }: PoolOptions,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const gate = createGate(maxPerSecond);
  const failures: unknown[] = [];
  const runOne = async (): Promise<void> => {
    while (failures.length === 0 && !isOver()) {
      signal?.throwIfAborted();
      await gate(signal);
      const next = iterator.next();
      if (next.done === true) return;
      await work(next.value);
    }
  };
  const lanes = Array.from({ length: concurrency }, async () => {
    try {
      await runOne();
    } catch (error) {
      failures.push(error);
    }
  });
  await Promise.all(lanes);
  if (failures.length > 0) throw failures[0];
}

/** Lets one pass in each of equal time slots. */
function createGate(maxPerSecond: number | undefined): (signal: AbortSignal | undefined) => Promise<void> {
  if (maxPerSecond === undefined) return () => Promise.resolve();
  const spanMs = 1000 / maxPerSecond;
  let next = performance.now();
  return async (signal) => {
    const now = performance.now();
    const mine = Math.max(now, next);
    next = mine + spanMs;
    if (mine > now) await delay(mine - now, signal);
  };
}
