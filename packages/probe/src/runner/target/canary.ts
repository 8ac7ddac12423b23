import { setImmediate as turn } from 'node:timers/promises';
import { isNoConnection } from './patient-connector.ts';
import type { Connector } from '../../transports/connector.ts';
import type { Socket } from 'node:net';

/** An idle connection: it breaks when its server dies, however soon that is restarted. */
export interface Canary {
  /**
   * Opens the connection if there is none. A target that is being restarted is waited for: without it the next death could not be seen.
   *
   * @throws as the patient connector does.
   */
  renew(): Promise<void>;
  /** When it last broke, on the clock of `performance.now()`. */
  brokeAt(): Promise<number>;
  close(): void;
}

/** Options of {@link createCanary}. */
export interface CanaryOptions {
  /** Tells at once whether connections are refused. */
  readonly connector: Connector;
  /** Waits for a target that is being restarted. */
  readonly patient: Connector;
  /** Whether the target keeps an idle connection; otherwise it is only checked whether connections are refused. */
  readonly isIdle: boolean;
  /** More exact, for a target that is our own process. */
  readonly diedAt?: (() => Promise<number>) | undefined;
}

const REFUSED_CODES: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT']);

/** Makes a {@link Canary}. */
export function createCanary({ connector, patient, isIdle, diedAt }: CanaryOptions): Canary {
  let socket: Socket | undefined;
  let renewal: Promise<void> | undefined;
  let brokeAt = Number.NEGATIVE_INFINITY;
  const broke = (which: Socket): void => {
    if (socket !== which) return;
    socket = undefined;
    brokeAt = performance.now();
    which.destroy();
  };
  const connect = async (by: Connector): Promise<void> => {
    const made = await by.connect();
    // Nothing is sent on it.
    made
      .on('error', () => broke(made))
      .on('end', () => broke(made))
      .on('close', () => broke(made))
      .resume();
    if (isIdle && socket === undefined) socket = made;
    else made.destroy();
  };
  const isRefused = async (): Promise<boolean> => {
    try {
      await connect(connector);
      return false;
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      return error.cause instanceof Error && 'code' in error.cause && REFUSED_CODES.has(error.cause.code);
    }
  };
  return {
    async renew() {
      if (!isIdle || socket !== undefined || diedAt !== undefined) return;
      renewal ??= connect(patient).finally(() => (renewal = undefined));
      await renewal;
    },
    async brokeAt() {
      if (diedAt !== undefined) return diedAt();
      // Other breaks at the same time have been reported by now.
      await turn();
      const before = brokeAt;
      if (await isRefused()) brokeAt = performance.now();
      return Math.max(before, brokeAt);
    },
    close() {
      socket?.destroy();
      socket = undefined;
    },
  };
}
