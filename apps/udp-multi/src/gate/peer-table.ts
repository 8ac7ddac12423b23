import { createRecentlyUsed } from './recently-used.ts';
import type { RecentlyUsed } from './recently-used.ts';

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
  /** How many there are whose time is not over. */
  count(nowMs: number): number;
  /** Every entry whose time is not over, the one longest unused first. */
  entries(nowMs: number): readonly Entry[];
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
  readonly #ttlMs: number;
  readonly #kept: RecentlyUsed<Kept<Entry>>;

  constructor({ max, ttlMs }: PeerTableOptions) {
    this.#ttlMs = ttlMs;
    this.#kept = createRecentlyUsed(max);
  }

  get size(): number {
    return this.#kept.size;
  }

  get(name: string, nowMs: number): Entry | undefined {
    const kept = this.#kept.peek(name);
    if (kept === undefined) return undefined;
    if (!this.#isOver(kept, nowMs)) return kept.entry;
    this.#kept.delete(name);
    return undefined;
  }

  put(name: string, entry: Entry, nowMs: number): void {
    this.#kept.set(name, { entry, usedMs: nowMs });
  }

  delete(name: string): boolean {
    return this.#kept.delete(name);
  }

  count(nowMs: number): number {
    this.#prune(nowMs);
    return this.#kept.size;
  }

  entries(nowMs: number): readonly Entry[] {
    this.#prune(nowMs);
    const entries: Entry[] = [];
    this.#kept.forEach(({ entry }) => entries.push(entry));
    return entries;
  }

  /** In order of use, so the first that is not over ends it. */
  #prune(nowMs: number): void {
    for (let oldest = this.#kept.oldest(); oldest !== undefined && this.#isOver(oldest.value, nowMs); oldest = this.#kept.oldest())
      this.#kept.delete(oldest.key);
  }

  #isOver({ usedMs }: Kept<Entry>, nowMs: number): boolean {
    return nowMs - usedMs > this.#ttlMs;
  }
}
