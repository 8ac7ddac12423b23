/** What is known of peers, by name. Never more than its limit, never longer than its time. */
export interface PeerTable<Entry> {
  /** Entries that are there, those whose time is over included until somebody asks. */
  readonly size: number;
  /** The entry of a peer. It does not count as a use. */
  get(name: string, nowMs: number): Entry | undefined;
  /** Keeps an entry, or uses it again: its time starts anew. */
  put(name: string, entry: Entry, nowMs: number): void;
  /** Forgets a peer; false when it was not known. */
  delete(name: string): boolean;
  /** Every entry whose time is not over, the one longest unused first. */
  entries(nowMs: number): Iterable<Entry>;
}

/** Options of {@link createPeerTable}. */
export interface PeerTableOptions {
  /** Entries at a time; the one longest unused makes room. */
  readonly max: number;
  /** How long an unused entry is kept, in milliseconds. */
  readonly ttlMs: number;
}

/**
 * Makes a {@link PeerTable}.
 *
 * @throws RangeError when `max` is not a positive whole number.
 */
export function createPeerTable<Entry>(options: PeerTableOptions): PeerTable<Entry> {
  const { max } = options;
  if (!Number.isSafeInteger(max) || max < 1) throw new RangeError(`max must be a positive whole number, not ${max}`);
  return new LeastRecentlyUsedTable(options);
}

interface Kept<Entry> {
  readonly entry: Entry;
  readonly usedMs: number;
}

class LeastRecentlyUsedTable<Entry> implements PeerTable<Entry> {
  readonly #options: PeerTableOptions;
  // A Map iterates in order of insertion: its first key is the one longest unused.
  readonly #kept = new Map<string, Kept<Entry>>();

  constructor(options: PeerTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#kept.size;
  }

  get(name: string, nowMs: number): Entry | undefined {
    const kept = this.#kept.get(name);
    if (kept === undefined) return undefined;
    if (!this.#isOver(kept, nowMs)) return kept.entry;
    this.#kept.delete(name);
    return undefined;
  }

  put(name: string, entry: Entry, nowMs: number): void {
    this.#kept.delete(name);
    this.#kept.set(name, { entry, usedMs: nowMs });
    if (this.#kept.size <= this.#options.max) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }

  delete(name: string): boolean {
    return this.#kept.delete(name);
  }

  *entries(nowMs: number): Iterable<Entry> {
    this.#prune(nowMs);
    for (const { entry } of this.#kept.values()) yield entry;
  }

  /** In order of use, so the first that is not over ends it. */
  #prune(nowMs: number): void {
    for (const [name, kept] of this.#kept) {
      if (!this.#isOver(kept, nowMs)) return;
      this.#kept.delete(name);
    }
  }

  #isOver({ usedMs }: Kept<Entry>, nowMs: number): boolean {
    return nowMs - usedMs > this.#options.ttlMs;
  }
}
