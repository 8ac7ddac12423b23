import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A connection to a port of 127.0.0.1; `undefined` when nothing listens. Rejects with the signal's reason. */
export function connectOnce(port: number, signal: AbortSignal): Promise<Socket | undefined> {
  signal.throwIfAborted();
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
