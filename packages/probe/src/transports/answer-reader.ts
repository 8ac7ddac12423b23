import { concatBytes } from '../bytes/concat-bytes.ts';
import type { Bytes } from '../types.ts';
import type { Socket } from 'node:net';

/** The state of the peer's side of a connection. */
export type PeerState = 'open' | 'fin' | 'reset';

/** The state that waits observe: the current answer, and its changes. */
export interface AnswerReader {
  readonly state: PeerState;
  /** Bytes of the current answer. */
  readonly answerBytes: number;
  /** The chunks that {@link AnswerReader.take} would return. */
  readonly pendingChunks: readonly Bytes[];
  /** Whether more arrived than is kept; the rest was dropped. */
  readonly isOverflowed: boolean;
  /** When the last chunk or the end arrived, on the clock of `performance.now()`; before that, when reading began. */
  readonly changedAt: number;
  /** Called with each chunk that arrives, and without one when the connection ends or overflows. One listener at a time. */
  listen(listener: ((chunk?: Bytes) => void) | undefined): void;
  /** Returns the current answer; the next one begins. */
  take(): Bytes;
}

/**
 * Reads a socket from now on, and handles its errors. Keeps at most `maxBytes` in all: then the connection is closed.
 */
export function createAnswerReader(socket: Socket, maxBytes: number): AnswerReader {
  let chunks: Bytes[] = [];
  let answerBytes = 0;
  let keptBytes = 0;
  let state: PeerState = 'open';
  let isOverflowed = false;
  let changedAt = performance.now();
  let listener: ((chunk?: Bytes) => void) | undefined;
  const endAs = (ending: PeerState): void => {
    if (state !== 'open') return;
    state = ending;
    changedAt = performance.now();
    listener?.();
  };
  socket.on('data', (chunk: Bytes) => {
    const kept = chunk.subarray(0, maxBytes - keptBytes);
    changedAt = performance.now();
    isOverflowed ||= kept.length < chunk.length;
    keptBytes += kept.length;
    answerBytes += kept.length;
    if (kept.length > 0) chunks.push(kept);
    if (isOverflowed) socket.destroy();
    listener?.(kept);
  });
  socket.on('end', () => endAs('fin'));
  // Whatever the error, the peer's side did not end properly.
  socket.on('error', () => endAs('reset'));
  socket.on('close', () => endAs('fin'));
  return {
    get state() {
      return state;
    },
    get answerBytes() {
      return answerBytes;
    },
    get pendingChunks() {
      return chunks;
    },
    get isOverflowed() {
      return isOverflowed;
    },
    get changedAt() {
      return changedAt;
    },
    listen: (next) => (listener = next),
    take() {
      const answer = concatBytes(chunks);
      chunks = [];
      answerBytes = 0;
      return answer;
    },
  };
}
