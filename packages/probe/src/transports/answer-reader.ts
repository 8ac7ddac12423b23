import { concatBytes } from '../bytes/concat-bytes.ts';
import type { Bytes } from '../types.ts';
import type { Socket } from 'node:net';

/** How a connection stands, as far as the peer's side tells. */
export type PeerState = 'open' | 'fin' | 'reset';

/** What a wait looks at: the answer under way, and when it changes. */
export interface AnswerReader {
  readonly state: PeerState;
  /** Bytes of the answer under way. */
  readonly answerBytes: number;
  /** The chunks that {@link AnswerReader.take} would take. */
  readonly pendingChunks: readonly Bytes[];
  /** Whether more came than is kept; the rest was thrown away. */
  readonly isOverflowed: boolean;
  /** When the last chunk or the end arrived, on the clock of `performance.now()`; when reading began, before that. */
  readonly changedAt: number;
  /** Called with each chunk that arrives, and without one when the connection ends or overflows. One listener at a time. */
  listen(listener: ((chunk?: Bytes) => void) | undefined): void;
  /** Takes the answer under way; the next one begins. */
  take(): Bytes;
}

/**
 * Reads a socket from now on, and hears its errors. Keeps at most `maxBytes` in all: behind that the connection is closed.
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
  // Whatever the error is, the peer's side did not end as it should.
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
