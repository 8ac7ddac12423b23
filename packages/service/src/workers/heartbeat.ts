/** Whether a supervised process answers. */
export type Pulse = 'answers' | 'late' | 'hangs';

const BEAT_MS = 1000;
// An event loop that is blocked for three seconds serves no client meanwhile; one blocked for ten does not recover by itself.
const LATE_BEATS = 3;
const HANGING_BEATS = 10;

/** Asks a process once a second whether it responds. */
export interface Heartbeat {
  readonly pulse: Pulse;
  /** The answer to the last question. */
  answered(): void;
  stop(): void;
}

/**
 * Counts beats of this process, not time: a process that was itself stopped, or slept with its machine, reports no worker.
 *
 * @param ask - Called once for each answer, so that nothing piles up for a process that hangs.
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
