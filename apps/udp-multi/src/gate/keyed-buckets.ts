import { createBucketRule } from '@socklab/service';
import { createRecentlyUsed } from './recently-used.ts';
import type { RecentlyUsed } from './recently-used.ts';
import type { RateLimit, BucketRule } from '@socklab/service';

/** Options of {@link createKeyedBuckets}. */
export interface KeyedBucketsOptions extends RateLimit {
  /** Buckets kept at a time. At least 1. @defaultValue 65_536 */
  readonly maxKeys?: number;
}

/**
 * A token bucket for each key, such as an address or its prefix. The most recently used buckets are kept; a key
 * whose bucket was evicted starts with a full one. A source with more than `maxKeys` addresses therefore passes:
 * also limit the prefix and the total.
 */
export interface KeyedBuckets {
  /** Takes tokens of the key's bucket, all of them or none: see `TokenBucket.take`. */
  take(key: string, nowMs: number, tokens?: number): boolean;
  /** Number of buckets. */
  readonly size: number;
}

const DEFAULT_MAX_KEYS = 65_536;

/** @throws RangeError for an invalid limit. */
export function createKeyedBuckets(options: KeyedBucketsOptions): KeyedBuckets {
  return new ScheduledBuckets(options);
}

interface Bucket {
  fullAtMs: number;
}

class ScheduledBuckets implements KeyedBuckets {
  readonly #buckets: RecentlyUsed<Bucket>;
  readonly #rule: BucketRule;
  readonly #isUnlimited: boolean;

  constructor({ maxKeys = DEFAULT_MAX_KEYS, ...limit }: KeyedBucketsOptions) {
    if (!(maxKeys >= 1)) throw new RangeError(`maxKeys is ${maxKeys}: give 1 or more`);
    this.#buckets = createRecentlyUsed(maxKeys);
    this.#rule = createBucketRule(limit);
    this.#isUnlimited = limit.ratePerSecond === Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#buckets.size;
  }

  take(key: string, nowMs: number, tokens: number = 1): boolean {
    if (this.#isUnlimited) return true;
    const bucket = this.#buckets.get(key) ?? this.#add(key);
    const next = this.#rule(bucket.fullAtMs, nowMs, tokens);
    if (next === undefined) return false;
    bucket.fullAtMs = next;
    return true;
  }

  #add(key: string): Bucket {
    const bucket = { fullAtMs: Number.NEGATIVE_INFINITY };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
