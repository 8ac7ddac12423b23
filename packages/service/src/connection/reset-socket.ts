import { TLSSocket } from 'node:tls';
import type { Socket } from 'node:net';

/**
 * Closes at once. A TCP peer sees a reset; a unix socket has none, and TLS hides its own. While the system shuts our side down, a reset
 * fails (EINVAL) and the socket would stay open without a 'close': it is closed as it is, and unread bytes make that a reset too.
 */
export function resetSocket(socket: Socket): void {
  const isShuttingDown = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  // A connection that is still being opened has no address either.
  if (socket.remoteAddress === undefined || socket instanceof TLSSocket || isShuttingDown) socket.destroy();
  else socket.resetAndDestroy();
}
