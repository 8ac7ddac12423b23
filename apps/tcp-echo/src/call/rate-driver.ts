import type { Pace } from '@socklab/service';
import type { LoadConnection } from './load-connection.ts';

/** Hands out messages when they are due. */
export interface RateDriver {
  /** A connection had room and has used it: goes on once nothing is owed any more. */
  resume(now: number): void;
  stop(): void;
}

/**
 * A timer of Node.js fires up to a millisecond late, in which a thousand messages may be due at 1,000,000/s; within this distance
 * the event loop turns without sleeping instead.
 */
const AWAKE_MS = 2;

/** A timer of more than 2^31 - 1 ms fires at once; whoever wakes too early sleeps on. */
const MAX_SLEEP_MS = 60_000;

/** Drives the connections at a {@link Pace} that has a rate: whoever is next and has room sends. */
export function createRateDriver(pace: Pace, connections: readonly LoadConnection[]): RateDriver {
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let isWaitingForRoom = false;

  const dispatch = (): void => {
    const now = performance.now();
    let owed = pace.owed(now);
    // An even share each, in turn; all that is owed when there are more connections than messages.
    const share = Math.ceil(owed / connections.length);
    for (let tried = 0; owed > 0 && tried < connections.length; tried += 1) {
      owed -= connections[turn]!.fill(now, Math.min(share, owed));
      turn = turn + 1 === connections.length ? 0 : turn + 1;
    }
    isWaitingForRoom = owed > 0;
    if (!isWaitingForRoom) schedule();
  };
  const schedule = (): void => {
    const dueMs = pace.nextDueMs();
    if (dueMs === undefined) return;
    const waitMs = dueMs - performance.now();
    if (waitMs > AWAKE_MS) timer = setTimeout(wake, Math.min(waitMs - AWAKE_MS, MAX_SLEEP_MS));
    else immediate = setImmediate(wake);
  };
  const wake = (): void => {
    if ((pace.nextDueMs() ?? Infinity) > performance.now()) schedule();
    else dispatch();
  };
  dispatch();
  return {
    resume(now) {
      // Whatever is owed is taken by the connection that gets room, so a look at all the others would find none.
      if (!isWaitingForRoom || pace.owed(now) > 0) return;
      isWaitingForRoom = false;
      schedule();
    },
    stop() {
      pace.stop();
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
