/** A queue of items with asynchronous `take`, in order of arrival. */
export interface Inbox<Item> {
  /** Number of queued items. */
  readonly size: number;
  put(item: Item): void;
  /** Ends the queue: pending calls, and calls after the last item, reject with `error`. Only the first call counts. */
  fail(error: Error): void;
  /** The next item. */
  take(): Promise<Item>;
}

interface Taker<Item> {
  readonly resolve: (item: Item) => void;
  readonly reject: (error: Error) => void;
}

/** Creates an {@link Inbox}. It is unbounded: use it only for what an experiment sends, which its parameters bound. */
export function createInbox<Item>(): Inbox<Item> {
  const items: Item[] = [];
  const takers: Taker<Item>[] = [];
  let failure: Error | undefined;
  return {
    get size() {
      return items.length;
    },
    put(item) {
      const taker = takers.shift();
      if (taker === undefined) items.push(item);
      else taker.resolve(item);
    },
    fail(error) {
      failure ??= error;
      for (const { reject } of takers.splice(0)) reject(failure);
    },
    async take() {
      const [item] = items.splice(0, 1);
      if (item !== undefined) return item;
      if (failure !== undefined) throw failure;
      return new Promise((resolve, reject) => {
        takers.push({ resolve, reject });
      });
    },
  };
}
