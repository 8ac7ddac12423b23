import { checkBatch } from '../check-bytes.ts';
import { FrameError } from '../errors.ts';
import { DEFAULT_PARTIAL_FRAME_TIMEOUT_MS, PartialFrameTimer, timedOut } from './partial-frame-timer.ts';
import { Sender } from './send.ts';
import type { Socket } from 'node:net';
import type { Bytes, Codec, Decoder, DecoderOptions } from '../codec.ts';

/** Options of {@link framed}. */
export interface FramedOptions extends DecoderOptions {
  /**
   * How many bytes to read ahead of the program, so that a peer's leaving is noticed while its messages wait. 0 reads
   * only when the program asks. The chunk under way comes on top. @defaultValue 0
   */
  readonly readAheadBytes?: number;
  /**
   * How long the program waits for the rest of a frame that began, in milliseconds, before that is `FRAME_ERR_TIMEOUT`. Bytes that
   * trickle in do not prolong it; between frames, and while the program is busy, no time passes. 0 waits for ever. @defaultValue 30_000
   */
  readonly partialFrameTimeoutMs?: number;
}

/** A socket that carries messages. */
export interface FramedSocket<Decoded, Encodable> extends AsyncIterable<Decoded> {
  /** Messages received and sent so far. */
  readonly framesIn: number;
  readonly framesOut: number;
  /**
   * Resolves when the peer has ended its side, or the connection has closed; with read-ahead, also while messages wait.
   * After `detach` nothing is known of the peer any more, and it resolves too.
   */
  readonly peerEnded: Promise<void>;
  /**
   * Returns the frames that are there, waiting for at least one; `undefined` once the peer ended its side.
   * Async per chunk, sync per frame. One call at a time; another one rejects.
   *
   * After a FrameError the socket is paused, so that garbage costs nothing; once the caller ends it, what still comes is
   * read and dropped.
   *
   * @throws FrameError when the bytes break the format or end inside a frame, or a frame takes too long, after the
   * frames before the fault.
   * @throws Error of the socket, such as `ECONNRESET`; with the code `ERR_STREAM_PREMATURE_CLOSE` when it was closed before the peer ended its
   * side, as `socket.destroy()` does.
   */
  nextBatch(): Promise<readonly Decoded[] | undefined>;
  /** {@link FramedSocket.nextBatch} as an iterable. */
  batches(): AsyncIterable<readonly Decoded[]>;
  /** Message by message. A loop that is left early loses none: the next call of either kind goes on after the last one seen. */
  [Symbol.asyncIterator](): AsyncIterator<Decoded>;
  /**
   * Sends one message; resolves when the socket takes more, or has sent all before its end. Rejects when the connection closes before that;
   * unless somebody waits for it, such a rejection is not reported as unhandled: the next call that reads or sends tells it.
   */
  send(payload: Encodable): Promise<void>;
  /** Sends many messages in one write; else as {@link FramedSocket.send}. Nothing is sent when one of them is refused. */
  sendBatch(payloads: readonly Encodable[]): Promise<void>;
  /** Stops decoding and returns the bytes that were read and not decoded. The socket stays open, paused, the caller's. */
  detach(): Bytes;
}

/**
 * Carries the messages of `codec` over `socket`, which must not be read elsewhere. The caller closes the socket.
 *
 * @throws RangeError when the read-ahead is no whole number of bytes, or the timeout none of milliseconds. TypeError when the socket decodes
 * to text, as after `setEncoding`.
 */
export function framed<Decoded, Encodable>(
  socket: Socket,
  codec: Codec<Decoded, Encodable>,
  options: FramedOptions = {},
): FramedSocket<Decoded, Encodable> {
  return new FramedConnection(socket, codec, options);
}

class FramedConnection<Decoded, Encodable> implements FramedSocket<Decoded, Encodable> {
  framesIn = 0;
  framesOut = 0;
  readonly peerEnded: Promise<void>;
  readonly #socket: Socket;
  readonly #codec: Codec<Decoded, Encodable>;
  readonly #decoder: Decoder<Decoded>;
  readonly #sender: Sender;
  readonly #readAheadBytes: number;
  readonly #timer: PartialFrameTimer;
  #bytesIn = 0;
  #hasEnded = false;
  /** Whether the socket closed before the peer ended its side: there may have been more. */
  #isCutOff = false;
  /** Where the frame that is waited for starts in the stream. */
  #awaitedFrom = 0;
  #toldDecoder = false;
  #failure: Error | undefined;
  #wakeReader: (() => void) | undefined;
  #detach: () => void;

  constructor(socket: Socket, codec: Codec<Decoded, Encodable>, options: FramedOptions) {
    const { readAheadBytes = 0, partialFrameTimeoutMs = DEFAULT_PARTIAL_FRAME_TIMEOUT_MS, ...decoderOptions } = options;
    if (!Number.isSafeInteger(readAheadBytes) || readAheadBytes < 0) {
      throw new RangeError(`readAheadBytes is ${readAheadBytes}, allowed are whole numbers from 0 on`);
    }
    if (socket.readableEncoding !== null) {
      throw new TypeError(`the socket must bring bytes, but setEncoding(${JSON.stringify(socket.readableEncoding)}) was called on it`);
    }
    this.#timer = new PartialFrameTimer(partialFrameTimeoutMs, () => this.#timeOut(partialFrameTimeoutMs));
    this.#socket = socket;
    this.#codec = codec;
    this.#decoder = codec.createDecoder(decoderOptions);
    this.#sender = new Sender(socket, () => this.#failure);
    this.#readAheadBytes = readAheadBytes;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.peerEnded = promise;
    this.#detach = this.#listen(resolve);
  }

  #listen(peerEnded: () => void): () => void {
    const socket = this.#socket;
    const onChunk = (chunk: Uint8Array): void => this.#receive(chunk);
    const onEnd = (): void => {
      this.#hasEnded = true;
      this.#timer.stop();
      peerEnded();
      this.#wake();
    };
    const onClose = (): void => {
      this.#isCutOff ||= !this.#hasEnded;
      onEnd();
    };
    const onError = (error: Error): void => {
      this.#failure ??= error;
    };
    // After a fault, ending the socket must still see the peer's end, or the connection would stay half open.
    const onFinish = (): void => {
      if (this.#failure !== undefined) socket.resume();
    };
    socket.on('data', onChunk).on('end', onEnd).on('close', onClose).on('error', onError).on('finish', onFinish);
    if (this.#readAheadBytes === 0) socket.pause();
    if (socket.destroyed || socket.readableEnded) {
      // Its events are over: nothing would ever wake the reader.
      this.#failure = socket.errored ?? undefined;
      if (socket.readableEnded) onEnd();
      else onClose();
    }
    return () => {
      socket.pause();
      socket.off('data', onChunk).off('end', onEnd).off('close', onClose).off('error', onError).off('finish', onFinish);
      onEnd();
    };
  }

  #receive(chunk: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      this.#decoder.push(chunk);
      this.#bytesIn += chunk.length;
    } catch (error) {
      // No bytes: setEncoding() was called on the socket.
      this.#fail(error as Error);
    }
    if (this.#wakeReader === undefined && this.#decoder.bufferedBytes >= this.#readAheadBytes) this.#socket.pause();
    this.#wake();
  }

  #wake(): void {
    this.#wakeReader?.();
    this.#wakeReader = undefined;
  }

  async nextBatch(): Promise<readonly Decoded[] | undefined> {
    do {
      const batch: Decoded[] = [];
      for (let payload = this.#decodeNext(); payload !== undefined; payload = this.#decodeNext()) batch.push(payload);
      this.#readOn();
      if (batch.length > 0) return batch;
    } while (await this.#moreArrived());
    return undefined;
  }

  /** Takes the next complete frame; keeps an error for later, so that no frame before it is lost. */
  #decodeNext(): Decoded | undefined {
    if (this.#failure instanceof FrameError) return undefined;
    try {
      const payload = this.#decoder.next();
      if (payload === undefined) return undefined;
      this.framesIn++;
      this.#timer.stop();
      return payload;
    } catch (error) {
      this.#fail(error as Error);
      return undefined;
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#timer.stop();
    // Reading on would only cost; but a socket that was ended already must still see its peer's end.
    if (!this.#socket.writableFinished) this.#socket.pause();
  }

  #timeOut(timeoutMs: number): void {
    const frame = this.#decoder.detach();
    this.#fail(timedOut(timeoutMs, frame, this.framesIn, this.#bytesIn - frame.length));
    this.#wake();
  }

  /** Reads on once the program has taken enough of what was read ahead. */
  #readOn(): void {
    if (this.#readAheadBytes === 0 || this.#hasEnded || this.#failure !== undefined) return;
    if (this.#decoder.bufferedBytes < this.#readAheadBytes) this.#socket.resume();
  }

  /** Waits for bytes, or for the end that may complete a frame; false once there is nothing more. */
  async #moreArrived(): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isCutOff) throw closedEarly();
    if (this.#hasEnded) {
      if (this.#toldDecoder) return false;
      this.#endDecoder();
      return true;
    }
    if (this.#wakeReader !== undefined) throw new Error('nextBatch() is waiting already: one call at a time');
    this.#watchFrame();
    await new Promise<void>((resolve) => {
      this.#wakeReader = resolve;
      this.#socket.resume();
    });
    return true;
  }

  /** Measures how long the frame under way is waited for, anew when another one began: one that was skipped came to an end too. */
  #watchFrame(): void {
    const { bufferedBytes } = this.#decoder;
    const start = this.#bytesIn - bufferedBytes;
    if (start !== this.#awaitedFrom) this.#timer.stop();
    this.#awaitedFrom = start;
    if (bufferedBytes > 0) this.#timer.start();
  }

  #endDecoder(): void {
    this.#toldDecoder = true;
    try {
      this.#decoder.end();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  async *batches(): AsyncGenerator<readonly Decoded[]> {
    for (let batch = await this.nextBatch(); batch !== undefined; batch = await this.nextBatch()) yield batch;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Decoded> {
    // Not over batches: a loop that is left early would lose the rest of one.
    do {
      for (let payload = this.#decodeNext(); payload !== undefined; payload = this.#decodeNext()) {
        this.#readOn();
        yield payload;
      }
    } while (await this.#moreArrived());
  }

  send(payload: Encodable): Promise<void> {
    try {
      return this.#write(this.#codec.encode(payload), 1);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  sendBatch(payloads: readonly Encodable[]): Promise<void> {
    try {
      checkBatch(payloads);
      if (payloads.length === 0) return Promise.resolve();
      return this.#write(this.#sender.encodeBatch(this.#codec, payloads), payloads.length);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #write(encoded: Bytes, frames: number): Promise<void> {
    if (!this.#sender.isClosed) this.framesOut += frames;
    return this.#sender.write(encoded);
  }

  detach(): Bytes {
    this.#detach();
    if (this.#failure instanceof FrameError) throw this.#failure;
    return this.#decoder.detach();
  }
}

/** The error of a socket that was destroyed on this side: who loops over messages must not take that for the peer's end. */
function closedEarly(): Error {
  return Object.assign(new Error('the socket was closed before the peer ended its side'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}
