import type { Pace } from './pace.ts';

/** A sender of a load's messages. */
export interface LoadSender {
  /** Sends at most `wanted` messages, as far as it has room. @returns how many. */
  fill(now: number, wanted: number): number;
}

/** Distributes due messages to the senders, in turn. */
export interface LoadTurns {
  /** Distributes the messages that are due. @returns whether some remain, because no sender has room. */
  give(now: number): boolean;
  /** Calls `due` once when the next message is due. Not called when there is none. */
  wait(): void;
  stop(): void;
}

/**
 * A timer of Node.js fires up to a millisecond late, in which a thousand messages may be due at 1,000,000/s; for shorter waits
 * the event loop turns without sleeping.
 */
const AWAKE_MS = 2;

/** A timer of more than 2^31 - 1 ms fires at once; waking up too early does no harm. */
const MAX_SLEEP_MS = 60_000;

/** Makes the {@link LoadTurns} of a {@link Pace} that has a rate. */
export function createLoadTurns(pace: Pace, senders: readonly LoadSender[], due: () => void): LoadTurns {
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;

  const wait = (): void => {
    const now = performance.now();
    const dueMs = pace.nextDueMs();
    if (dueMs === undefined || pace.isOver(now)) return;
    const waitMs = dueMs - now;
    if (waitMs > AWAKE_MS) timer = setTimeout(wake, Math.min(waitMs - AWAKE_MS, MAX_SLEEP_MS));
    else immediate = setImmediate(wake);
  };
  const wake = (): void => {
    if ((pace.nextDueMs() ?? Infinity) > performance.now()) wait();
    else due();
  };
  return {
    give(now) {
      let owed = pace.owed(now);
      // An equal share each, in turn; everything when there are more senders than messages.
      const share = Math.ceil(owed / senders.length);
      for (let tried = 0; owed > 0 && tried < senders.length; tried += 1) {
        owed -= senders[turn]!.fill(now, Math.min(share, owed));
        turn = turn + 1 === senders.length ? 0 : turn + 1;
      }
      return owed > 0;
    },
    wait,
    stop() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
