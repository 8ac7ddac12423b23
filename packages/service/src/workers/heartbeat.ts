/** How a process that is looked after answers. */
export type Pulse = 'answers' | 'late' | 'hangs';

const BEAT_MS = 1000;
// An event loop that is blocked for three seconds serves no client meanwhile; one blocked for ten does not recover by itself.
const LATE_BEATS = 3;
const HANGING_BEATS = 10;

/** Asks a process once a second whether it is there. */
export interface Heartbeat {
  readonly pulse: Pulse;
  /** The answer to what was asked last. */
  answered(): void;
  stop(): void;
}

/**
 * Counts in beats of this process, not in time: a process that was itself stopped, or slept with its machine, reports no worker.
 *
 * @param ask - Called once for each answer, so that nothing piles up on the way to a process that hangs.
 * @param onHang - Called once.
 */
export function startHeartbeat(ask: () => void, onHang: () => void): Heartbeat {
  let isAsked = false;
  let missed = 0;
  const timer = setInterval(() => {
    if (isAsked) {
      missed += 1;
      if (missed === HANGING_BEATS) onHang();
      return;
    }
    isAsked = true;
    ask();
  }, BEAT_MS);
  timer.unref();
  return {
    get pulse() {
      if (missed < LATE_BEATS) return 'answers';
      return missed < HANGING_BEATS ? 'late' : 'hangs';
    },
    answered() {
      isAsked = false;
      missed = 0;
    },
    stop: () => clearInterval(timer),
  };
}
