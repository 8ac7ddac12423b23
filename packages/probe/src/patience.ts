/** Part of its time that a wait can lose between two looks. */
const MOST_LOST_PER_LOOK = 1 / 8;
/** Always counts, in milliseconds: a wait that is shorter than that ends at its next look. */
const SHORT_MS = 10;
/** How often a wait should be looked at, so that all of its time counts. */
const LOOKS = 10;

/** How long a wait for a peer goes on. */
export interface Patience {
  /** To be asked at each look. */
  isOver(now: number): boolean;
  /** The wait begins anew: something was heard. */
  renew(now: number): void;
}

/**
 * A wait of `timeoutMs`. At most an eighth of it, or 10 ms, counts between two looks: while this process stands still, or reads a long table,
 * the peer may have read or answered long ago, and nobody looked; a peer in the same process could not even answer.
 */
export function createPatience(timeoutMs: number): Patience {
  const mostMs = Math.max(timeoutMs * MOST_LOST_PER_LOOK, SHORT_MS);
  let remainingMs = timeoutMs;
  let lookedAt = performance.now();
  return {
    isOver(now) {
      remainingMs -= Math.min(now - lookedAt, mostMs);
      lookedAt = now;
      return remainingMs <= 0;
    },
    renew(now) {
      remainingMs = timeoutMs;
      lookedAt = now;
    },
  };
}

/** Looks often enough for a patience of `timeoutMs`, until it is stopped. */
export function lookEach(timeoutMs: number, look: (now: number) => void): NodeJS.Timeout {
  return setInterval(() => look(performance.now()), Math.max(1, timeoutMs / LOOKS));
}
