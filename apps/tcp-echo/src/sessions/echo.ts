import { CanonicalEcho, EncodedEcho } from './frame-echo.ts';
import type { Reply } from '../options.ts';
import type { Session, Stream, StreamHandler } from '../session.ts';
import type { ByteCodec } from '@socklab/framing';

/** Options of {@link echo}. */
export interface EchoOptions {
  readonly codec: ByteCodec;
  readonly reply: Reply;
  /** One message that each connection gets first. @defaultValue '', which is none */
  readonly tag?: string;
}

/** Sends back what arrives. Source: RFC 862; with a framing, whole messages. */
export function echo({ codec, reply, tag = '' }: EchoOptions): Session {
  const text = Buffer.from(tag);
  // In a format without empty messages an empty tag is not sent.
  const first = reply === 'raw' || text.length === 0 ? text : codec.encode(text);
  const open = (stream: Stream): StreamHandler => {
    const handler = handlerOf(stream, codec, reply);
    if (text.length > 0) {
      stream.send(first);
      handler.messagesOut++;
    }
    return handler;
  };
  return { kind: 'stream', name: 'echo', servesHalfClosed: true, open };
}

function handlerOf(stream: Stream, codec: ByteCodec, reply: Reply): RawEcho | CanonicalEcho | EncodedEcho {
  if (reply === 'raw') return new RawEcho(stream);
  return reply === 'canonical' ? new CanonicalEcho(stream, codec) : new EncodedEcho(stream, codec);
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
