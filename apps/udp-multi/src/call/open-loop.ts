import type { Pace } from '@socklab/service';
import type { LoadSocket } from './load-socket.ts';

/** Hands out the datagrams of an open loop when they are due. */
export interface OpenLoop {
  stop(): void;
}

/**
 * A timer of Node.js fires up to a millisecond late, in which a thousand datagrams may be due at 1,000,000/s; within this
 * distance the event loop turns without sleeping instead.
 */
const AWAKE_MS = 2;

/** A timer of more than 2^31 - 1 ms fires at once; whoever wakes too early sleeps on. */
const MAX_SLEEP_MS = 60_000;

/** Starts an {@link OpenLoop}: the sockets send in turn; one that awaits as much as it can remember is passed over. */
export function startOpenLoop(pace: Pace, sockets: readonly LoadSocket[]): OpenLoop {
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;

  const dispatch = (): void => {
    const now = performance.now();
    let owed = pace.owed(now);
    // An even share each, in turn; all that is owed when there are more sockets than datagrams.
    const share = Math.ceil(owed / sockets.length);
    for (let tried = 0; owed > 0 && tried < sockets.length; tried += 1) {
      owed -= sockets[turn]!.fill(now, Math.min(share, owed));
      turn = turn + 1 === sockets.length ? 0 : turn + 1;
    }
    schedule();
  };
  const schedule = (): void => {
    const dueMs = pace.nextDueMs();
    if (dueMs === undefined || pace.isOver(performance.now())) return;
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
    stop() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
