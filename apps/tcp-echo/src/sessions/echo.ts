import { CanonicalEcho, EncodedEcho } from './frame-echo.ts';
import type { Reply } from '../options.ts';
import type { Session, Stream, StreamHandler } from '../session.ts';
import type { ByteCodec } from '@socklab/framing';

/** Options of {@link echo}. */
export interface EchoOptions {
  readonly codec: ByteCodec;
  readonly reply: Reply;
}

/** Sends back what comes. Source: RFC 862; with a framing, whole messages. */
export function echo({ codec, reply }: EchoOptions): Session {
  const open = (stream: Stream): StreamHandler => {
    if (reply === 'raw') return new RawEcho(stream);
    return reply === 'canonical' ? new CanonicalEcho(stream, codec) : new EncodedEcho(stream, codec);
  };
  return { kind: 'stream', name: 'echo', servesHalfClosed: true, open };
}

class RawEcho implements StreamHandler {
  messagesIn = 0;
  messagesOut = 0;
  readonly partialBytes = 0;
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  bytes(memory: Buffer, byteLength: number): void {
    this.messagesIn++;
    this.#stream.write(memory, byteLength);
    this.messagesOut++;
  }

  ended(): void {
    this.#stream.finish('peer-ended');
  }
}
