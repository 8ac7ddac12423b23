import type { Session, Stream, StreamHandler } from '../session.ts';

const FIRST_PRINTABLE = 0x20;
const PRINTABLE = 95;
const LINE_CHARACTERS = 72;
const LINE_BYTES = LINE_CHARACTERS + 2;

/** After this many bytes other connections get their turn. */
const TURN_BYTES = 262_144;

/** The whole pattern until it repeats: each line begins one character later than the one before. */
const PATTERN: Buffer = pattern();

/** Options of {@link chargen}. */
export interface ChargenOptions {
  /** Most bytes sent to one client; then the connection ends. */
  readonly maxBytes: number;
}

/** Sends a pattern of printable characters for as long as the client reads it, and drops its input. Source: RFC 864. */
export function chargen({ maxBytes }: ChargenOptions): Session {
  const open = (stream: Stream): StreamHandler => {
    const generator = new Generator(stream, maxBytes);
    generator.drained();
    return generator;
  };
  return { kind: 'stream', name: 'chargen', servesHalfClosed: true, open };
}

class Generator implements StreamHandler {
  messagesIn = 0;
  messagesOut = 0;
  readonly partialBytes = 0;
  readonly #stream: Stream;
  #bytesLeft: number;

  constructor(stream: Stream, maxBytes: number) {
    this.#stream = stream;
    this.#bytesLeft = maxBytes;
  }

  bytes(): void {
    this.messagesIn++;
  }

  // A client that only reads may well have ended its side.
  ended(): void {}

  /** Sends until the client does not keep up. */
  drained(): void {
    for (let sent = 0; this.#bytesLeft > 0; sent += PATTERN.length) {
      if (sent >= TURN_BYTES) {
        setImmediate(() => this.drained());
        return;
      }
      const block = this.#bytesLeft < PATTERN.length ? PATTERN.subarray(0, this.#bytesLeft) : PATTERN;
      this.#bytesLeft -= block.length;
      this.messagesOut++;
      if (!this.#stream.send(block)) return;
    }
    this.#stream.finish('served');
  }
}

function pattern(): Buffer {
  const bytes = Buffer.alloc(PRINTABLE * LINE_BYTES);
  for (let line = 0; line < PRINTABLE; line++) {
    const start = line * LINE_BYTES;
    for (let at = 0; at < LINE_CHARACTERS; at++) bytes[start + at] = FIRST_PRINTABLE + ((line + at) % PRINTABLE);
    bytes.write('\r\n', start + LINE_CHARACTERS, 'latin1');
  }
  return bytes;
}
