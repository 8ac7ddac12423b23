import { createSchedule } from '@socklab/service';
import type { RateLimit, Schedule } from '@socklab/service';

/** Options of {@link createKeyedBuckets}. */
export interface KeyedBucketsOptions extends RateLimit {
  /** Buckets kept at a time. At least 1. @defaultValue 65_536 */
  readonly maxKeys?: number;
}

/**
 * A token bucket for each key, such as an address or its prefix. The buckets used last are kept; a key whose bucket was
 * given up starts with a full one. Somebody with more than `maxKeys` addresses therefore passes: limit the prefix and
 * the total beside it.
 */
export interface KeyedBuckets {
  /** Takes tokens of the key's bucket, all of them or none: see `TokenBucket.take`. */
  take(key: string, nowMs: number, tokens?: number): boolean;
  /** Buckets there are. */
  readonly size: number;
}

const DEFAULT_MAX_KEYS = 65_536;

/** @throws RangeError for a limit that is none. */
export function createKeyedBuckets(options: KeyedBucketsOptions): KeyedBuckets {
  return new LeastRecentlyUsed(options);
}

/** In the ring of all entries: `newer` and `older` lead from each to the one used next and before. */
interface Entry {
  readonly key: string;
  fullAtMs: number;
  newer: Entry;
  older: Entry;
}

// A list of our own: a Map keeps the holes of what was deleted from its start, so finding its oldest key gets slow.
class LeastRecentlyUsed implements KeyedBuckets {
  readonly #entries = new Map<string, Entry>();
  readonly #ring: Entry = emptyRing();
  readonly #schedule: Schedule;
  readonly #maxKeys: number;
  readonly #isUnlimited: boolean;

  constructor({ maxKeys = DEFAULT_MAX_KEYS, ...limit }: KeyedBucketsOptions) {
    if (!(maxKeys >= 1)) throw new RangeError(`maxKeys is ${maxKeys}: give 1 or more`);
    this.#maxKeys = maxKeys;
    this.#schedule = createSchedule(limit);
    this.#isUnlimited = limit.ratePerSecond === Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#entries.size;
  }

  take(key: string, nowMs: number, tokens: number = 1): boolean {
    if (this.#isUnlimited) return true;
    const entry = this.#entries.get(key) ?? this.#add(key);
    this.#use(entry);
    const next = this.#schedule(entry.fullAtMs, nowMs, tokens);
    if (next === undefined) return false;
    entry.fullAtMs = next;
    return true;
  }

  #add(key: string): Entry {
    if (this.#entries.size >= this.#maxKeys) this.#giveUpOldest();
    const entry: Entry = { key, fullAtMs: Number.NEGATIVE_INFINITY, newer: this.#ring, older: this.#ring };
    this.#entries.set(key, entry);
    return entry;
  }

  #use(entry: Entry): void {
    const ring = this.#ring;
    if (ring.older === entry) return;
    unlink(entry);
    entry.older = ring.older;
    entry.newer = ring;
    ring.older.newer = entry;
    ring.older = entry;
  }

  #giveUpOldest(): void {
    const oldest = this.#ring.newer;
    unlink(oldest);
    this.#entries.delete(oldest.key);
  }
}

/** Where the ring begins and ends: `older` of it is the entry used last, `newer` the one used least. */
function emptyRing(): Entry {
  const ring = { key: '', fullAtMs: 0 } as Entry;
  ring.newer = ring;
  ring.older = ring;
  return ring;
}

function unlink(entry: Entry): void {
  // An entry in no ring leads to the ring on both sides, and must not close it over those in it.
  if (entry.older.newer !== entry) return;
  entry.older.newer = entry.newer;
  entry.newer.older = entry.older;
}
