import type { Socket } from 'node:net';

/**
 * How long an ended connection waits for the peer's end, in milliseconds. Closing at once would reset the
 * connection when bytes of the peer are unread, and a reset destroys the last answer on its way.
 */
export const LINGER_MS = 2000;

/**
 * Ends our side once everything is sent, waits a while for the peer's end, and closes; further input is read and dropped. The
 * time that sending takes is not limited here.
 */
export function endSocket(socket: Socket, closed: () => void): void {
  if (socket.destroyed) {
    closed();
    return;
  }
  let linger: NodeJS.Timeout | undefined;
  socket.once('close', () => {
    clearTimeout(linger);
    closed();
  });
  socket.end(() => {
    if (!socket.destroyed) linger = setTimeout(() => socket.destroy(), LINGER_MS);
  });
  socket.resume();
}

/**
 * Ends our side; resolves once the connection is closed, after `lingerMs` at the latest, in which everything must be sent and the
 * peer's end arrive. Further input is read by the socket's listeners, or dropped.
 */
export function closeSocket(socket: Socket, lingerMs: number = LINGER_MS): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const linger = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => {
      clearTimeout(linger);
      resolve();
    });
    socket.end();
    socket.resume();
  });
}
