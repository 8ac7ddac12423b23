import { createLoadTurns } from '@socklab/client';
import type { LoadSocket } from './socket.ts';
import type { Pace } from '@socklab/client';

/** Sends the datagrams of an open loop when they are due. */
export interface OpenLoop {
  stop(): void;
}

/** Starts an {@link OpenLoop}: the sockets send in turn; one that awaits as many answers as it can remember is skipped. */
export function startOpenLoop(pace: Pace, sockets: readonly LoadSocket[]): OpenLoop {
  const dispatch = (): void => {
    turns.give(performance.now());
    turns.wait();
  };
  const turns = createLoadTurns(pace, sockets, dispatch);
  dispatch();
  return { stop: () => turns.stop() };
}
