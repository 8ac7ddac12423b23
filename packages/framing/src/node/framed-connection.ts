import { checkBatch } from '../check-bytes.ts';
import { FrameError } from '../errors.ts';
import { MessageIterator } from '../streams/message-iterator.ts';
import { DEFAULT_PARTIAL_FRAME_TIMEOUT_MS, PartialFrameTimer, timedOut } from './partial-frame-timer.ts';
import { SENT, Sender } from './send.ts';
import type { Bytes, Codec, Decoder } from '../codec.ts';
import type { FramedOptions, FramedSocket } from './framed-socket.ts';
import type { Socket } from 'node:net';

/** See {@link FramedSocket}. Bytes wait in the decoder until the program takes a message; the socket is paused while enough of them do. */
export class FramedConnection<Decoded, Encodable> implements FramedSocket<Decoded, Encodable> {
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

  [Symbol.asyncIterator](): AsyncIterator<Decoded> {
    // Not over batches: a loop that is left early would lose the rest of one.
    return new MessageIterator({ take: () => this.#takeNext(), moreArrived: () => this.#moreArrived(), close: () => undefined });
  }

  async forEach(onMessage: (message: Decoded) => unknown): Promise<void> {
    do {
      for (let message = this.#takeNext(); message !== undefined; message = this.#takeNext()) {
        const answer = onMessage(message);
        if (answer !== undefined && answer !== SENT) await (answer as Promise<unknown>);
      }
    } while (await this.#moreArrived());
  }

  /** Takes the next complete frame for a program that takes them one by one. */
  #takeNext(): Decoded | undefined {
    const payload = this.#decodeNext();
    if (payload !== undefined && this.#readAheadBytes > 0) this.#readOn();
    return payload;
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
