import { ClientError, describeDifference, hexWindow, openSocket, closeSocket, LINGER_MS } from '@socklab/client';
import { FrameError } from '@socklab/framing';
import { framed } from '@socklab/framing/node';
import type { OpenOptions } from '@socklab/client';
import type { ByteCodec, Bytes } from '@socklab/framing';
import type { FramedSocket } from '@socklab/framing/node';
import type { Socket } from 'node:net';

/** Options of {@link openCall}. */
export interface CallOptions extends Omit<OpenOptions, 'onread'> {
  readonly codec: ByteCodec;
  /** Whether messages have boundaries. Without, an answer is as many bytes as were sent, in any number of pieces. */
  readonly keepsBoundaries: boolean;
}

/** A connection on which messages are answered one after the other. */
export interface Call extends AsyncDisposable {
  /**
   * Sends a message and returns its answer. Without message boundaries: the bytes received once they are as many as the
   * message's, or once the server has ended its side.
   *
   * @throws ClientError `CLIENT_ERR_NO_ANSWER`, `CLIENT_ERR_CLOSED_EARLY`; FrameError; Error of the system.
   */
  ask(message: Uint8Array): Promise<Bytes>;
  /**
   * Ends our side and waits until the server has ended its side, at most two seconds.
   *
   * @throws ClientError `CLIENT_ERR_WRONG_ANSWER` when bytes arrive that answer nothing.
   */
  end(): Promise<void>;
}

/** Connects. Throws as `openSocket` does. */
export async function openCall(options: CallOptions): Promise<Call> {
  const socket = await openSocket(options);
  // The next read or write rejects with it.
  socket.on('error', () => undefined);
  return new SocketCall(socket, options);
}

class SocketCall implements Call {
  readonly #socket: Socket;
  readonly #messages: FramedSocket<Bytes, Uint8Array>;
  readonly #keepsBoundaries: boolean;
  readonly #timeoutMs: number;
  /** Messages that arrived with the previous one. */
  #waiting: Bytes[] = [];

  constructor(socket: Socket, { codec, keepsBoundaries, timeoutMs }: CallOptions) {
    this.#socket = socket;
    this.#messages = framed(socket, codec, { partialFrameTimeoutMs: 0 });
    this.#keepsBoundaries = keepsBoundaries;
    this.#timeoutMs = timeoutMs;
  }

  async ask(message: Uint8Array): Promise<Bytes> {
    let timer: NodeJS.Timeout | undefined;
    const pieces: Bytes[] = [];
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#noAnswer(pieces, message.length)), this.#timeoutMs);
    });
    try {
      // Concurrently: an unread answer would keep the server from reading what is still being sent.
      const both = Promise.all([this.#receive(pieces, message.length), this.#messages.send(message)]);
      const [answer] = await Promise.race([both, late]);
      return answer;
    } catch (error) {
      this.#socket.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    const socket = this.#socket;
    const linger = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.end();
    try {
      const surplus = await this.#next().catch((error: unknown) => {
        // How the connection ends is not what is checked.
        if (error instanceof FrameError) throw error;
        return undefined;
      });
      if (surplus !== undefined) throw wrongAnswer(`received bytes that answer nothing: they start with ${hexWindow(surplus)}`);
    } finally {
      clearTimeout(linger);
      socket.destroy();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return closeSocket(this.#socket);
  }

  async #receive(pieces: Bytes[], byteLength: number): Promise<Bytes> {
    if (this.#keepsBoundaries) {
      const answer = await this.#next();
      if (answer === undefined) throw closedEarly('before the answer');
      return answer;
    }
    for (let received = 0; received < byteLength;) {
      const piece = await this.#next();
      if (piece === undefined && received === 0) throw closedEarly('before the answer');
      if (piece === undefined) break;
      pieces.push(piece);
      received += piece.length;
    }
    return new Uint8Array(Buffer.concat(pieces));
  }

  async #next(): Promise<Bytes | undefined> {
    if (this.#waiting.length === 0) this.#waiting = [...((await this.#messages.nextBatch()) ?? [])];
    return this.#waiting.shift();
  }

  #noAnswer(pieces: readonly Bytes[], byteLength: number): ClientError {
    const received = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const came = received === 0 ? '' : `: ${received} of ${byteLength} bytes came`;
    return new ClientError('CLIENT_ERR_NO_ANSWER', `no ${came === '' ? '' : 'whole '}answer within ${this.#timeoutMs} ms${came}`);
  }
}

/** @throws ClientError `CLIENT_ERR_WRONG_ANSWER` unless the answer is the message. */
export function checkAnswer(message: Uint8Array, answer: Uint8Array): void {
  if (Buffer.compare(message, answer) !== 0) throw wrongAnswer(describeDifference(message, answer));
}

function wrongAnswer(message: string): ClientError {
  return new ClientError('CLIENT_ERR_WRONG_ANSWER', message);
}

function closedEarly(when: string): ClientError {
  return new ClientError('CLIENT_ERR_CLOSED_EARLY', `the server closed the connection ${when}`);
}
