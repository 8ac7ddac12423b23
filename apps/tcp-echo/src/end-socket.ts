import type { Socket } from 'node:net';

/**
 * How long an ended connection waits for the peer to end its side, in milliseconds. Closing at once would reset the
 * connection when bytes of the peer are unread, and a reset destroys the last answer on its way.
 */
const LINGER_MS = 2000;

/** Ends our side, waits a while for the peer to end its own, and closes; what it still sends is read and dropped. */
export function endSocket(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const linger = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => {
      clearTimeout(linger);
      resolve();
    });
    socket.end();
    socket.resume();
  });
}
