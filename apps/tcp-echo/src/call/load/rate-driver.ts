import { createLoadTurns } from '@socklab/client';
import type { LoadConnection } from './connection.ts';
import type { Pace } from '@socklab/client';

/** Hands out messages when they are due. */
export interface RateDriver {
  /** A connection had room and has used it: goes on once nothing is owed any more. */
  resume(now: number): void;
  stop(): void;
}

/** Drives the connections at a {@link Pace} that has a rate: whoever is next and has room sends. */
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
      // Whatever is owed is taken by the connection that gets room, so a look at all the others would find none.
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
