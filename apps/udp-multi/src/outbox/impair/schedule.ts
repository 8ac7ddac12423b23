/** Items that are due later, the earliest first, in order of insertion for equal times. Bounded. */
export interface Schedule<Item> {
  readonly size: number;
  /** When the earliest is due; `undefined` when there is none. */
  readonly nextMs: number | undefined;
  /** Adds an item; false when it is full. */
  add(item: Item, dueMs: number, bytes: number): boolean;
  /** Takes the earliest item that is due. */
  takeDue(nowMs: number): Item | undefined;
  /** Takes the earliest item, due or not. */
  take(): Item | undefined;
}

/** Limits of {@link createSchedule}. */
export interface ScheduleLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/** Makes a {@link Schedule}: a binary heap. */
export function createSchedule<Item>(limits: ScheduleLimits): Schedule<Item> {
  return new HeapSchedule(limits);
}

interface Due<Item> {
  readonly item: Item;
  readonly dueMs: number;
  readonly order: number;
  readonly bytes: number;
}

class HeapSchedule<Item> implements Schedule<Item> {
  readonly #limits: ScheduleLimits;
  readonly #heap: Due<Item>[] = [];
  #bytes = 0;
  #order = 0;

  constructor(limits: ScheduleLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#heap.length;
  }

  get nextMs(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  add(item: Item, dueMs: number, bytes: number): boolean {
    const { maxItems, maxBytes } = this.#limits;
    if (this.#heap.length >= maxItems || this.#bytes + bytes > maxBytes) return false;
    this.#bytes += bytes;
    this.#order += 1;
    this.#heap.push({ item, dueMs, order: this.#order, bytes });
    this.#rise(this.#heap.length - 1);
    return true;
  }

  takeDue(nowMs: number): Item | undefined {
    const { nextMs } = this;
    return nextMs === undefined || nextMs > nowMs ? undefined : this.take();
  }

  take(): Item | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    this.#bytes -= first.bytes;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first.item;
  }

  #rise(start: number): void {
    for (let index = start; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(start: number): void {
    for (let index = start; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let first = index;
      if (left < this.#heap.length && this.#isBefore(left, first)) first = left;
      if (right < this.#heap.length && this.#isBefore(right, first)) first = right;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one]!, this.#heap[other]!];
    return a.dueMs === b.dueMs ? a.order < b.order : a.dueMs < b.dueMs;
  }

  #swap(one: number, other: number): void {
    [this.#heap[one], this.#heap[other]] = [this.#heap[other]!, this.#heap[one]!];
  }
}
