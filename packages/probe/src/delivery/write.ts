import type { Bytes, PieceObservation } from '../types.ts';
import type { Writable } from 'node:stream';

/**
 * Resolves when the kernel took the bytes, or the connection ended. A failed write is reported by the socket's own error
 * event, which the owner of the connection handles.
 */
export function write(socket: Writable, piece: Bytes, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const abort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    socket.write(piece, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
  });
}

/** Writes each piece separately and waits only while the kernel takes no more, so that no two of them are sent in one write. */
export async function writeAtOnce(
  socket: Writable,
  pieces: Iterable<Bytes>,
  signal: AbortSignal | undefined,
): Promise<readonly PieceObservation[]> {
  const observations: PieceObservation[] = [];
  for (const piece of pieces) {
    if (!socket.writable) break;
    const startedAt = performance.now();
    let isTaken = false;
    let wake: (() => void) | undefined;
    socket.write(piece, () => {
      isTaken = true;
      wake?.();
    });
    if (socket.writableLength > 0 && !isTaken) await untilWoken((resolve) => (wake = resolve), signal);
    observations.push({ bytes: piece.length, confirmed: false, waitedMs: performance.now() - startedAt });
  }
  return observations;
}

function untilWoken(give: (wake: () => void) => void, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const abort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    give(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
  });
}
