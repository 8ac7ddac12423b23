import { setImmediate as turn } from 'node:timers/promises';
import { isNoConnection } from './patient-connector.ts';
import type { Connector } from '../../transports/connector.ts';
import type { Socket } from 'node:net';

/** An idle connection: it breaks when its server dies, however soon that is restarted. */
export interface Canary {
  /** Opens the connection if there is none. */
  renew(): Promise<void>;
  /** When it last broke, on the clock of `performance.now()`. */
  brokeAt(): Promise<number>;
  close(): void;
}

const REFUSED_CODES: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT']);

/**
 * Makes a {@link Canary}. `isIdle`: the target keeps an idle connection; otherwise it only checks whether connections are refused.
 * `diedAt` is more exact, for a target that is our own process.
 */
export function createCanary(connector: Connector, isIdle: boolean, diedAt?: () => Promise<number>): Canary {
  let socket: Socket | undefined;
  let brokeAt = Number.NEGATIVE_INFINITY;
  const broke = (which: Socket): void => {
    if (socket !== which) return;
    socket = undefined;
    brokeAt = performance.now();
    which.destroy();
  };
  /** False when connections are refused. */
  const connect = async (): Promise<boolean> => {
    try {
      const made = await connector.connect();
      // Nothing is sent on it.
      made
        .on('error', () => broke(made))
        .on('end', () => broke(made))
        .on('close', () => broke(made))
        .resume();
      if (isIdle && socket === undefined) socket = made;
      else made.destroy();
      return true;
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      return !(error.cause instanceof Error && 'code' in error.cause && REFUSED_CODES.has(error.cause.code));
    }
  };
  return {
    async renew() {
      if (isIdle && socket === undefined && diedAt === undefined) await connect();
    },
    async brokeAt() {
      if (diedAt !== undefined) return diedAt();
      // Other breaks at the same time have been reported by now.
      await turn();
      const before = brokeAt;
      if (!(await connect())) brokeAt = performance.now();
      return Math.max(before, brokeAt);
    },
    close() {
      socket?.destroy();
      socket = undefined;
    },
  };
}
