/** Part of its time that a wait can lose between two looks. */
const MOST_LOST_PER_LOOK = 1 / 8;

/** How long a wait for a peer goes on. */
export interface Patience {
  /** To be asked at each look. */
  isOver(now: number): boolean;
}

/**
 * A wait of `timeoutMs`. At most an eighth of it counts between two looks: while this process stands still, or reads a long table, the peer may
 * have read long ago, and nobody looked; a peer in the same process could not even read.
 */
export function createPatience(timeoutMs: number): Patience {
  let remainingMs = timeoutMs;
  let lookedAt = performance.now();
  return {
    isOver(now) {
      remainingMs -= Math.min(now - lookedAt, timeoutMs * MOST_LOST_PER_LOOK);
      lookedAt = now;
      return remainingMs <= 0;
    },
  };
}
