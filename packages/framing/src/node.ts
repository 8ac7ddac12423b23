/** Framing on Node's sockets: messages in, messages out, with backpressure in both directions. */

import { createFrameWriter } from './writer.ts';
import type { Socket } from 'node:net';
import type { Bytes, Codec, Decoder } from './codec.ts';

// One slab for all connections: a batch is encoded and taken in one go, and memory that was taken is never written again.
const writer = createFrameWriter();

/** Options of {@link framed}. */
export interface FramedOptions {
  /**
   * How many bytes to read ahead of the program, so that a peer's leaving is noticed while its messages wait. 0 reads
   * only when the program asks. The chunk under way comes on top. @defaultValue 0
   */
  readonly readAheadBytes?: number;
}

/** A socket that carries messages. */
export interface FramedSocket<Decoded, Encodable> extends AsyncIterable<Decoded> {
  /** Frames received and sent so far. */
  readonly framesIn: number;
  readonly framesOut: number;
  /** Resolves when the peer has ended its side, or the connection has closed; with read-ahead, also while messages wait. */
  readonly peerEnded: Promise<void>;
  /**
   * Returns the frames that are there, waiting for at least one; `undefined` once the peer ended its side.
   * Async per chunk, sync per frame. One call at a time; another one rejects.
   *
   * @throws FrameError when the bytes break the format or end inside a frame, after the frames before the fault.
   * @throws Error of the socket, such as `ECONNRESET`.
   */
  nextBatch(): Promise<readonly Decoded[] | undefined>;
  /** {@link FramedSocket.nextBatch} as an iterable. */
  batches(): AsyncIterable<readonly Decoded[]>;
  /** Message by message. A loop that is left early loses none: the next call of either kind goes on after the last one seen. */
  [Symbol.asyncIterator](): AsyncIterator<Decoded>;
  /** Sends one message; resolves when the socket takes more. Rejects when the connection closes before that. */
  send(payload: Encodable): Promise<void>;
  /** Sends many messages in one write; else as {@link FramedSocket.send}. Nothing is sent when one of them is refused. */
  sendBatch(payloads: readonly Encodable[]): Promise<void>;
  /** Stops decoding and returns the bytes that were read and not decoded. The socket stays open, paused, the caller's. */
  detach(): Bytes;
}

/**
 * Carries the messages of `codec` over `socket`, which must not be read elsewhere. The caller closes the socket.
 *
 * @throws RangeError when the read-ahead is no whole number of bytes.
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
  readonly #readAheadBytes: number;
  #hasEnded = false;
  #failure: Error | undefined;
  #wakeReader: (() => void) | undefined;
  #draining: Promise<void> | undefined;
  #detach: () => void;

  constructor(socket: Socket, codec: Codec<Decoded, Encodable>, { readAheadBytes = 0 }: FramedOptions) {
    if (!Number.isSafeInteger(readAheadBytes) || readAheadBytes < 0) {
      throw new RangeError(`readAheadBytes is ${readAheadBytes}, allowed are whole numbers from 0 on`);
    }
    this.#socket = socket;
    this.#codec = codec;
    this.#decoder = codec.createDecoder();
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
      peerEnded();
      this.#wake();
    };
    const onError = (error: Error): void => {
      this.#failure ??= error;
    };
    socket.on('data', onChunk).on('end', onEnd).on('close', onEnd).on('error', onError);
    if (this.#readAheadBytes === 0) socket.pause();
    if (socket.destroyed || socket.readableEnded) {
      // Its events are over: nothing would ever wake the reader.
      this.#failure = socket.errored ?? undefined;
      onEnd();
    }
    return () => {
      socket.pause();
      socket.off('data', onChunk).off('end', onEnd).off('close', onEnd).off('error', onError);
    };
  }

  #receive(chunk: Uint8Array): void {
    if (this.#failure !== undefined) return;
    this.#decoder.push(chunk);
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
    try {
      const payload = this.#decoder.next();
      if (payload !== undefined) this.framesIn++;
      return payload;
    } catch (error) {
      this.#failure ??= error as Error;
      return undefined;
    }
  }

  /** Reads on once the program has taken enough of what was read ahead. */
  #readOn(): void {
    if (this.#readAheadBytes === 0 || this.#hasEnded || this.#failure !== undefined) return;
    if (this.#decoder.bufferedBytes < this.#readAheadBytes) this.#socket.resume();
  }

  /** Waits for bytes; false once there will be none. */
  async #moreArrived(): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#hasEnded) {
      this.#decoder.end();
      return false;
    }
    if (this.#wakeReader !== undefined) throw new Error('nextBatch() is waiting already: one call at a time');
    await new Promise<void>((resolve) => {
      this.#wakeReader = resolve;
      this.#socket.resume();
    });
    return true;
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

  async send(payload: Encodable): Promise<void> {
    const sent = this.#write(this.#codec.encode(payload));
    this.framesOut++;
    await sent;
  }

  async sendBatch(payloads: readonly Encodable[]): Promise<void> {
    if (payloads.length === 0) return;
    const sent = this.#write(this.#encodeBatch(payloads));
    this.framesOut += payloads.length;
    await sent;
  }

  #encodeBatch(payloads: readonly Encodable[]): Bytes {
    try {
      for (const payload of payloads) this.#codec.encodeInto(writer, payload);
    } catch (error) {
      // What was encoded before the refused payload must not leave with the next batch.
      writer.take();
      throw error;
    }
    return writer.take();
  }

  #write(frames: Bytes): Promise<void> | undefined {
    const socket = this.#socket;
    if (!socket.writable) throw this.#closedError();
    return socket.write(frames) ? undefined : this.#drained();
  }

  /** Waits until the socket takes more. All senders share one wait: a listener for each would add up to a leak. */
  #drained(): Promise<void> {
    const socket = this.#socket;
    this.#draining ??= new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#draining = undefined;
        socket.off('drain', onDrain).off('close', onClose);
      };
      const onDrain = (): void => {
        stop();
        resolve();
      };
      // A peer that vanishes never drains: closing ends the wait too.
      const onClose = (): void => {
        stop();
        reject(this.#closedError());
      };
      socket.on('drain', onDrain).on('close', onClose);
    });
    return this.#draining;
  }

  #closedError(): Error {
    return this.#failure ?? Object.assign(new Error('connection closed while sending'), { code: 'ERR_STREAM_DESTROYED' });
  }

  detach(): Bytes {
    this.#detach();
    this.#hasEnded = true;
    this.#wake();
    return this.#decoder.detach();
  }
}
