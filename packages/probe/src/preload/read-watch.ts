import { createPatience } from '../patience.ts';
import type { ReadObserver } from '../delivery/pace.ts';
import type { ReadState } from '../kernel/queue-poller.ts';
import type { Patience } from '../patience.ts';
import type { ReadCount, ReadTable } from './read-table.ts';
import type { Socket } from 'node:net';

/** What is known of a connection of ours. */
interface Watched {
  readonly socket: Socket;
  /** What its port had when it began. */
  readonly before: ReadCount;
}

interface Waiter {
  readonly watched: Watched;
  readonly localPort: number;
  readonly patience: Patience;
  readonly settle: (state: ReadState) => void;
}

/** Sees by a table how much of what we wrote the other side has read. */
export interface ReadWatch extends ReadObserver {
  /** To be called with each connection before anything is written. */
  readonly begin: (socket: Socket) => void;
}

/** Makes a {@link ReadWatch}. All waits share one timer, which looks each millisecond. */
export function createReadWatch(table: ReadTable): ReadWatch {
  const connections = new Map<number, Watched>();
  const waiters = new Set<Waiter>();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    timer = undefined;
    const now = performance.now();
    for (const waiter of waiters) {
      const isOver = waiter.patience.isOver(now);
      const state = stateOf(waiter.watched, table.of(waiter.localPort)) ?? (isOver ? 'late' : undefined);
      if (state !== undefined) waiter.settle(state);
    }
    if (waiters.size > 0) timer ??= setTimeout(look, 1);
  };
  return {
    name: 'preload',
    begin(socket) {
      const { localPort } = socket;
      if (localPort === undefined) return;
      const watched = { socket, before: table.of(localPort) };
      connections.set(localPort, watched);
      socket.once('close', () => {
        if (connections.get(localPort) === watched) connections.delete(localPort);
      });
    },
    untilRead({ localPort = 0 }, { timeoutMs, signal }) {
      const watched = connections.get(localPort);
      if (watched === undefined) return Promise.resolve('gone');
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error);
        const leave = (): void => {
          waiters.delete(waiter);
          signal?.removeEventListener('abort', abort);
        };
        const abort = (): void => {
          leave();
          reject(signal?.reason as Error);
        };
        const settle = (state: ReadState): void => {
          leave();
          resolve(state);
        };
        const waiter: Waiter = { watched, localPort, patience: createPatience(timeoutMs), settle };
        signal?.addEventListener('abort', abort, { once: true });
        waiters.add(waiter);
        timer ??= setTimeout(look, 0);
      });
    },
  };
}

/** Undefined while bytes are unread. */
function stateOf({ socket, before }: Watched, { connection, bytes }: ReadCount): ReadState | undefined {
  // The bytes of an earlier connection with this port do not count; one that was never accepted by libc has no number of its own.
  const readBytes = connection === before.connection ? bytes - before.bytes : bytes;
  if (socket.destroyed) return 'gone';
  return readBytes >= socket.bytesWritten ? 'read' : undefined;
}
