import { createRecentlyUsed } from './recently-used.ts';
import type { RecentlyUsed } from './recently-used.ts';

/** Values by peer name, with a limit on their number and their age. */
export interface PeerTable<Entry> {
  /** Number of entries, including those that have expired but were not asked for. */
  readonly size: number;
  /** The entry of a peer, without counting as a use. */
  get(name: string, nowMs: number): Entry | undefined;
  /** Adds an entry, or uses it again: its time restarts. */
  put(name: string, entry: Entry, nowMs: number): void;
  /** Removes a peer; false when it was unknown. */
  delete(name: string): boolean;
  /** How many there are whose time is not over. */
  count(nowMs: number): number;
  /** Every entry that has not expired, least recently used first. */
  entries(nowMs: number): readonly Entry[];
}

/** Options of {@link createPeerTable}. */
export interface PeerTableOptions {
  /** Most entries; the least recently used one is evicted. */
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

  /** In order of use, so the first that has not expired ends it. */
  #prune(nowMs: number): void {
    for (let oldest = this.#kept.oldest(); oldest !== undefined && this.#isOver(oldest.value, nowMs); oldest = this.#kept.oldest())
      this.#kept.delete(oldest.key);
  }

  #isOver({ usedMs }: Kept<Entry>, nowMs: number): boolean {
    return nowMs - usedMs > this.#ttlMs;
  }
}
