/** One budget for all connections of a process: answers that peers have not read yet, bytes that the program has not read yet. */
export interface MemoryBudget {
  /** `Infinity` is no limit. */
  readonly limitBytes: number;
  readonly usedBytes: number;
  /**
   * Most that one connection may hold and still be read: an eighth of what is left and not reserved. The more connections hold much, the
   * less.
   */
  readonly shareBytes: number;
  /** Takes bytes out of the budget; a negative number gives them back. Never refuses: the bytes are already there. */
  charge(byteLength: number): void;
  /** Keeps bytes for a connection that may soon hold them: they are part of no share. A negative number gives them back. */
  reserve(byteLength: number): void;
}

/** Options of {@link createMemoryBudget}. */
export interface MemoryBudgetOptions {
  readonly limitBytes: number;
  /** Called after the call that exceeded the limit: close a connection. Called again with each charge while it is exceeded. */
  readonly onSpent: () => void;
}

/** A connection is read only while it holds less than this part of what is left. */
const SHARE = 8;

/** Makes an unused budget. */
export function createMemoryBudget(options: MemoryBudgetOptions): MemoryBudget {
  return new Budget(options);
}

/** No limit at all. */
export const UNLIMITED_MEMORY: MemoryBudget = {
  limitBytes: Number.POSITIVE_INFINITY,
  usedBytes: 0,
  shareBytes: Number.POSITIVE_INFINITY,
  charge() {},
  reserve() {},
};

class Budget implements MemoryBudget {
  readonly limitBytes: number;
  usedBytes = 0;
  readonly #onSpent: () => void;
  #reservedBytes = 0;
  #isTelling = false;

  constructor({ limitBytes, onSpent }: MemoryBudgetOptions) {
    this.limitBytes = limitBytes;
    this.#onSpent = onSpent;
  }

  get shareBytes(): number {
    return Math.max(0, (this.limitBytes - this.usedBytes - this.#reservedBytes) / SHARE);
  }

  charge(byteLength: number): void {
    this.usedBytes += byteLength;
    if (byteLength <= 0 || this.usedBytes <= this.limitBytes || this.#isTelling) return;
    this.#isTelling = true;
    // Not now: the caller is in the middle of a read. But before the next read of any connection.
    queueMicrotask(() => {
      this.#isTelling = false;
      if (this.usedBytes > this.limitBytes) this.#onSpent();
    });
  }

  reserve(byteLength: number): void {
    this.#reservedBytes += byteLength;
  }
}
