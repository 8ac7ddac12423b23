/** How much is let through. */
export interface RateLimit {
  /** Tokens that come back in a second; `Infinity` is no limit. More than 0. */
  readonly ratePerSecond: number;
  /** Tokens of a full bucket: what may come at once after a pause. At least 1. @defaultValue the tokens of one second, at least 1 */
  readonly burst?: number;
}

/** A bucket that starts full, and fills while time goes by. */
export interface TokenBucket {
  /**
   * Takes tokens, all of them or none.
   * @param nowMs - Of any clock that does not go back, such as `performance.now()`; where it does, nothing fills meanwhile.
   * @param tokens - More than `burst` are never there. @defaultValue 1
   * @returns false when there are not enough, and then nothing was taken.
   */
  take(nowMs: number, tokens?: number): boolean;
}

/** Makes a bucket. It has no clock: whoever takes says what time it is. @throws RangeError for a limit that is none. */
export function createTokenBucket(limit: RateLimit): TokenBucket {
  const schedule = createSchedule(limit);
  let fullAtMs = Number.NEGATIVE_INFINITY;
  return {
    take(nowMs, tokens = 1) {
      const next = schedule(fullAtMs, nowMs, tokens);
      if (next === undefined) return false;
      fullAtMs = next;
      return true;
    },
  };
}

/**
 * The rule of a bucket whose only state is the time at which it is full again (the generic cell rate algorithm,
 * ITU-T I.371): takes tokens, and gives that time, or undefined when there are not enough.
 */
export type Schedule = (fullAtMs: number, nowMs: number, tokens: number) => number | undefined;

// Sums of milliseconds are not exact: what is short of a whole token by less counts as whole. It changes no rate.
const ROUNDING_TOKENS = 0.001;

/** @throws RangeError for a limit that is none. */
export function createSchedule({ ratePerSecond, burst = Math.max(1, ratePerSecond) }: RateLimit): Schedule {
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
