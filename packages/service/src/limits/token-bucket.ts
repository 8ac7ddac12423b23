/** The rate of a bucket. */
export interface RateLimit {
  /** Tokens that are added per second; `Infinity` is no limit. More than 0. */
  readonly ratePerSecond: number;
  /** Tokens of a full bucket: what may be taken at once after a pause. At least 1. @defaultValue the tokens of one second, at least 1 */
  readonly burst?: number;
}

/** A bucket that starts full, and is refilled over time. */
export interface TokenBucket {
  /**
   * Takes tokens, all of them or none.
   * @param nowMs - Of a clock that does not go back, such as `performance.now()`; while it goes back, nothing is refilled.
   * @param tokens - More than `burst` never succeeds. @defaultValue 1
   * @returns false when there are not enough; then nothing was taken.
   */
  take(nowMs: number, tokens?: number): boolean;
}

/** Makes a bucket. It has no clock: the caller passes the time. @throws RangeError for an invalid limit. */
export function createTokenBucket(limit: RateLimit): TokenBucket {
  const rule = createBucketRule(limit);
  let fullAtMs = Number.NEGATIVE_INFINITY;
  return {
    take(nowMs, tokens = 1) {
      const next = rule(fullAtMs, nowMs, tokens);
      if (next === undefined) return false;
      fullAtMs = next;
      return true;
    },
  };
}

/**
 * The rule of a bucket whose only state is the time at which it is full again (the generic cell rate algorithm,
 * ITU-T I.371): takes tokens, and returns that time, or undefined when there are not enough.
 */
export type BucketRule = (fullAtMs: number, nowMs: number, tokens: number) => number | undefined;

// Sums of milliseconds are inexact: a token that is short by less than this counts as whole. It changes no rate.
const ROUNDING_TOKENS = 0.001;

/** @throws RangeError for an invalid limit. */
export function createBucketRule({ ratePerSecond, burst = Math.max(1, ratePerSecond) }: RateLimit): BucketRule {
  if (!(ratePerSecond > 0)) throw new RangeError(`ratePerSecond is ${ratePerSecond}: give more than 0`);
  if (!(burst >= 1)) throw new RangeError(`burst is ${burst}: give 1 or more`);
  if (ratePerSecond === Number.POSITIVE_INFINITY) return (_fullAtMs, nowMs) => nowMs;
  const tokenMs = 1000 / ratePerSecond;
  const emptyMs = (burst + ROUNDING_TOKENS) * tokenMs;
  return (fullAtMs, nowMs, tokens) => {
    const next = Math.max(fullAtMs, nowMs) + tokens * tokenMs;
    return next - nowMs <= emptyMs ? next : undefined;
  };
}
