import { createLoadTurns } from '@socklab/client';
import type { LoadConnection } from './connection.ts';
import type { Pace } from '@socklab/client';

/** Hands out messages when they are due. */
export interface RateDriver {
  /** A connection had room and has used it: continues once no message is overdue. */
  resume(now: number): void;
  stop(): void;
}

/** Drives the connections at a {@link Pace} with a rate: the next one that has room sends. */
export function createRateDriver(pace: Pace, connections: readonly LoadConnection[]): RateDriver {
  let isWaitingForRoom = false;
  const dispatch = (): void => {
    isWaitingForRoom = turns.give(performance.now());
    if (!isWaitingForRoom) turns.wait();
  };
  const turns = createLoadTurns(pace, connections, dispatch);
  dispatch();
  return {
    resume(now) {
      // Overdue messages go to the connection that gets room: none of the others has any.
      if (!isWaitingForRoom || pace.owed(now) > 0) return;
      isWaitingForRoom = false;
      turns.wait();
    },
    stop() {
      pace.stop();
      turns.stop();
    },
  };
}
