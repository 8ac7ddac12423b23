import type { Session, Stream, StreamHandler } from '../session.ts';

/** Reads and drops everything. Source: RFC 863. */
export function discard(): Session {
  return { kind: 'stream', name: 'discard', servesHalfClosed: false, open: (stream) => new Discard(stream) };
}

class Discard implements StreamHandler {
  messagesIn = 0;
  readonly messagesOut = 0;
  readonly partialBytes = 0;
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  bytes(): void {
    this.messagesIn++;
  }

  ended(): void {
    this.#stream.finish('peer-ended');
  }
}
