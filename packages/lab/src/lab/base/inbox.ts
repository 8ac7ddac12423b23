/** What arrives before it is asked for waits here, in order. */
export interface Inbox<Item> {
  /** How many wait. */
  readonly size: number;
  put(item: Item): void;
  /** Nothing more comes: whoever waits, and whoever asks when the last is taken, gets `error`. The first one counts. */
  fail(error: Error): void;
  /** The next one. */
  take(): Promise<Item>;
}

interface Taker<Item> {
  readonly resolve: (item: Item) => void;
  readonly reject: (error: Error) => void;
}

/** Makes an {@link Inbox}. It does not bound itself: it is for what an experiment sends, which its parameters bound. */
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
