/** One budget for what all connections of a process hold: answers that peers have not read yet, bytes that the program has not read yet. */
export interface MemoryBudget {
  /** `Infinity` is no limit. */
  readonly limitBytes: number;
  readonly usedBytes: number;
  /** Most that one connection may hold now and still be read: an eighth of what is left. The more there are that hold much, the less. */
  readonly shareBytes: number;
  /** Takes so many bytes out of the budget; a negative number gives them back. Never refuses: the bytes are there already. */
  charge(byteLength: number): void;
}

/** Options of {@link createMemoryBudget}. */
export interface MemoryBudgetOptions {
  readonly limitBytes: number;
  /** Called once more than the limit is used, after the call that did it: close somebody. Again while it stays so, with the next charge. */
  readonly onSpent: () => void;
}

/** A connection that is to be read holds less than this part of what is left. */
const SHARE = 8;

/** Makes a budget of which nothing is used. */
export function createMemoryBudget(options: MemoryBudgetOptions): MemoryBudget {
  return new Budget(options);
}

/** No limit at all. */
export const UNLIMITED_MEMORY: MemoryBudget = {
  limitBytes: Number.POSITIVE_INFINITY,
  usedBytes: 0,
  shareBytes: Number.POSITIVE_INFINITY,
  charge() {},
};

class Budget implements MemoryBudget {
  readonly limitBytes: number;
  usedBytes = 0;
  readonly #onSpent: () => void;
  #isTelling = false;

  constructor({ limitBytes, onSpent }: MemoryBudgetOptions) {
    this.limitBytes = limitBytes;
    this.#onSpent = onSpent;
  }

  get shareBytes(): number {
    return Math.max(0, (this.limitBytes - this.usedBytes) / SHARE);
  }

  charge(byteLength: number): void {
    this.usedBytes += byteLength;
    if (byteLength <= 0 || this.usedBytes <= this.limitBytes || this.#isTelling) return;
    this.#isTelling = true;
    // Not now: whoever charges is in the middle of a read. But before the next read of anybody.
    queueMicrotask(() => {
      this.#isTelling = false;
      if (this.usedBytes > this.limitBytes) this.#onSpent();
    });
  }
}
