import { handOver } from '../decoding/hand-over.ts';
import { FrameError } from '../errors.ts';
import { createPartsDecoder } from '../frame/parts-decoder.ts';
import { MessageIterator } from '../streams/message-iterator.ts';
import { checkedOptions, checkStream, closeStream, closedEarly, onAbort } from './framed-stream.ts';
import { PartialFrameTimer, timedOut } from './partial-frame-timer.ts';
import { PartsReading } from './parts-reading.ts';
import { SENT, Sender } from './send.ts';
import type { Bytes, Codec, Decoder, DecoderOptions } from '../codec.ts';
import type { PartsStep } from '../frame/parts-decoder.ts';
import type { PayloadParts } from '../streams/payload-parts.ts';
import type { FramedOptions, FramedSocket, TwoCodecs } from './framed-socket.ts';
import type { Duplex } from 'node:stream';

const MORE = Promise.resolve(true);
const NO_MORE = Promise.resolve(false);

/** See {@link FramedSocket}. Bytes wait in the decoder until the program takes a message; the socket is paused while enough of them wait. */
export class FramedConnection<Decoded, Encodable> implements FramedSocket<Decoded, Encodable> {
  framesIn = 0;
  readonly #socket: Duplex;
  readonly #decoderOptions: DecoderOptions;
  readonly #closeTimeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  /** What is read whole, and how; messages in parts have a decoder of their own meanwhile. */
  #codec: Codec<Decoded, never>;
  #decoder: Decoder<Decoded | PartsStep>;
  #parts: PartsReading | undefined;
  readonly #sender: Sender<Encodable>;
  readonly #readAheadBytes: number;
  readonly #timer: PartialFrameTimer;
  #bytesIn = 0;
  #hasEnded = false;
  /** Whether the socket closed before the peer ended its side: data may be missing. */
  #isCutOff = false;
  /** Offset in the stream of the frame that is awaited. */
  #awaitedFrom = 0;
  #toldDecoder = false;
  #failure: Error | undefined;
  #wakeReader: ((isMore: boolean) => void) | undefined;
  // Created on demand: an idle connection holds only what it needs to wait.
  #peerEnded: PromiseWithResolvers<void> | undefined;
  #onFinish: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  #detach: () => void;

  constructor(socket: Duplex, codecs: TwoCodecs<Decoded, Encodable>, options: FramedOptions) {
    const { readAheadBytes, partialFrameTimeoutMs, closeTimeoutMs, signal, ...decoderOptions } = checkedOptions(options);
    checkStream(socket);
    this.#timer = new PartialFrameTimer(partialFrameTimeoutMs, () => this.#timeOut(partialFrameTimeoutMs));
    this.#socket = socket;
    this.#decoderOptions = decoderOptions;
    this.#codec = codecs.read;
    this.#decoder = codecs.read.createDecoder(decoderOptions);
    this.#sender = new Sender(socket, codecs.write, () => this.#failure);
    this.#readAheadBytes = readAheadBytes;
    this.#closeTimeoutMs = closeTimeoutMs;
    this.#signal = signal;
    this.#detach = this.#listen();
    if (signal !== undefined) this.#detach = onAbort(signal, (error) => this.#abort(error), this.#detach, socket);
  }

  get peerEnded(): Promise<void> {
    this.#peerEnded ??= Promise.withResolvers<void>();
    if (this.#hasEnded) this.#peerEnded.resolve();
    return this.#peerEnded.promise;
  }

  #abort(error: Error): void {
    this.#fail(error);
    this.#socket.destroy(error);
    this.#wake();
  }

  #listen(): () => void {
    const socket = this.#socket;
    const onChunk = (chunk: Uint8Array): void => this.#receive(chunk);
    const onEnd = (): void => {
      this.#hasEnded = true;
      this.#timer.stop();
      this.#peerEnded?.resolve();
      this.#wake();
    };
    const onClose = (): void => {
      this.#isCutOff ||= !this.#hasEnded;
      onEnd();
    };
    const onError = (error: Error): void => {
      this.#failure ??= error;
    };
    socket.on('data', onChunk).on('end', onEnd).on('close', onClose).on('error', onError);
    if (this.#readAheadBytes === 0) socket.pause();
    if (socket.destroyed || socket.readableEnded) {
      // No more events follow: nothing would wake the reader.
      this.#failure = socket.errored ?? undefined;
      if (socket.readableEnded) onEnd();
      else onClose();
    }
    return () => {
      socket.pause();
      socket.off('data', onChunk).off('end', onEnd).off('close', onClose).off('error', onError);
      if (this.#onFinish !== undefined) socket.off('finish', this.#onFinish);
      onEnd();
    };
  }

  #receive(chunk: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      this.#decoder.push(chunk);
      this.#bytesIn += chunk.length;
    } catch (error) {
      // Not bytes: setEncoding() was called on the socket.
      this.#fail(error);
    }
    if (this.#wakeReader === undefined && this.#decoder.bufferedBytes >= this.#readAheadBytes) this.#socket.pause();
    this.#wake();
  }

  #wake(): void {
    this.#wakeReader?.(true);
    this.#wakeReader = undefined;
  }

  async receive(): Promise<Decoded | undefined> {
    do {
      const message = this.#takeNext();
      if (message !== undefined) return message;
    } while (await this.#moreArrived());
    return undefined;
  }

  async nextBatch(): Promise<readonly Decoded[] | undefined> {
    do {
      const batch = this.#takeBatch();
      if (batch !== undefined) return batch;
    } while (await this.#moreArrived());
    return undefined;
  }

  /** Takes all complete frames; `undefined` when there is none. */
  #takeBatch(): readonly Decoded[] | undefined {
    const batch: Decoded[] = [];
    for (let payload = this.#decodeNext(); payload !== undefined; payload = this.#decodeNext()) batch.push(payload);
    this.#readOn();
    return batch.length > 0 ? batch : undefined;
  }

  /** Takes the next complete frame. */
  #decodeNext(): Decoded | undefined {
    if (this.#parts !== undefined && !this.#leaveParts(this.#parts)) return undefined;
    const payload = this.#step() as Decoded | undefined;
    if (payload !== undefined) this.framesIn++;
    return payload;
  }

  /** What the decoder finds next; keeps an error for later, so that no frame before it is lost. */
  #step(): Decoded | PartsStep | undefined {
    if (this.#failure instanceof FrameError) return undefined;
    try {
      const step = this.#decoder.next();
      if (step !== undefined) this.#timer.stop();
      return step;
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** Another decoder, which goes on with the bytes that were not decoded, and to which an end that arrived is signalled too. */
  #useDecoder(decoder: Decoder<Decoded | PartsStep>): void {
    decoder.push(handOver(this.#decoder));
    this.#decoder = decoder;
    this.#toldDecoder = false;
  }

  /** Goes back to whole messages once the one under way was passed over; false while it is not. */
  #leaveParts(parts: PartsReading): boolean {
    if (!parts.leave()) return false;
    this.#parts = undefined;
    this.#useDecoder(this.#codec.createDecoder(this.#decoderOptions));
    return true;
  }

  async payloadParts(): Promise<PayloadParts | undefined> {
    this.#parts ??= this.#enterParts();
    const message = await this.#parts.next();
    if (message !== undefined) this.framesIn++;
    return message;
  }

  #enterParts(): PartsReading {
    const decoder = createPartsDecoder(this.#codec, this.#decoderOptions);
    if (!(this.#failure instanceof FrameError)) this.#useDecoder(decoder);
    const take = (): PartsStep | undefined => {
      const step = this.#step() as PartsStep | undefined;
      this.#readOn();
      return step;
    };
    return new PartsReading(decoder, { take, moreArrived: () => this.#moreArrived(), stopWaiting: () => this.#wake() });
  }

  #fail(error: unknown): void {
    this.#failure ??= (error ?? new TypeError(`a codec threw ${error}`)) as Error;
    this.#timer.stop();
    const socket = this.#socket;
    // Reading on would be waste; but a socket that was ended, or will be, must still see its peer's end, or it would stay half open.
    if (socket.writableFinished || this.#onFinish !== undefined) return;
    socket.pause();
    this.#onFinish = () => void socket.resume();
    socket.once('finish', this.#onFinish);
  }

  #timeOut(timeoutMs: number): void {
    const frame = this.#decoder.detach();
    this.#fail(timedOut(timeoutMs, frame, this.framesIn, this.#bytesIn - frame.length));
    this.#wake();
  }

  /** Reads on once the program has taken enough of the read-ahead bytes. */
  #readOn(): void {
    if (this.#readAheadBytes === 0 || this.#hasEnded || this.#failure !== undefined) return;
    if (this.#decoder.bufferedBytes < this.#readAheadBytes) this.#socket.resume();
  }

  /**
   * Waits for bytes, or for the end that may complete a frame; false once there is nothing more. Not an async function, which would cost a chunk another
   * turn of the microtask queue, and an idle connection its state.
   */
  #moreArrived(): Promise<boolean> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#isCutOff) return Promise.reject(closedEarly());
    if (this.#hasEnded) {
      if (this.#toldDecoder) return NO_MORE;
      this.#endDecoder();
      return MORE;
    }
    if (this.#wakeReader !== undefined) return Promise.reject(new Error('a read is already pending: one call at a time'));
    this.#watchFrame();
    return new Promise((resolve) => {
      this.#wakeReader = resolve;
      this.#socket.resume();
    });
  }

  /** Starts the timeout of the current frame, again for each new one: a skipped frame also came to an end. */
  #watchFrame(): void {
    const { bufferedBytes } = this.#decoder;
    const start = this.#bytesIn - bufferedBytes;
    if (start !== this.#awaitedFrom) this.#timer.stop();
    this.#awaitedFrom = start;
    if (bufferedBytes > 0 || this.#parts?.isInside === true) this.#timer.start();
  }

  #endDecoder(): void {
    this.#toldDecoder = true;
    try {
      this.#decoder.end();
    } catch (error) {
      this.#fail(error);
    }
  }

  batches(): AsyncIterable<readonly Decoded[]> {
    return new MessageIterator({ take: () => this.#takeBatch(), moreArrived: () => this.#moreArrived(), stopWaiting: () => this.#wake() });
  }

  [Symbol.asyncIterator](): AsyncIterator<Decoded> {
    // Not over batches: leaving the loop early would lose the rest of one.
    return new MessageIterator({ take: () => this.#takeNext(), moreArrived: () => this.#moreArrived(), stopWaiting: () => this.#wake() });
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

  get framesOut(): number {
    return this.#sender.frames;
  }

  send(payload: Encodable): Promise<void> {
    return this.#sender.send(payload);
  }

  sendBatch(payloads: readonly Encodable[]): Promise<void> {
    return this.#sender.sendBatch(payloads);
  }

  detach(): Bytes {
    this.#detach();
    this.#parts?.stop();
    if (this.#failure instanceof FrameError) throw this.#failure;
    return this.#decoder.detach();
  }

  switchCodec<NextDecoded, NextEncodable>(
    next: TwoCodecs<NextDecoded, NextEncodable> | Codec<NextDecoded, NextEncodable>,
  ): FramedSocket<NextDecoded, NextEncodable> {
    if (this.#failure instanceof FrameError) throw this.#failure;
    const { read, write } = 'read' in next ? next : { read: next, write: next };
    const self = this as unknown as FramedConnection<NextDecoded, NextEncodable>;
    self.#useDecoder(read.createDecoder(this.#decoderOptions));
    self.#codec = read;
    self.#parts?.stop();
    self.#parts = undefined;
    self.#sender.codec = write;
    // The next frame is another one, and the held bytes may be all of it.
    this.#timer.stop();
    this.#wake();
    return self;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#detach();
    this.#parts?.stop();
    try {
      this.#decoder.detach();
    } catch {
      // It failed, or the memory of its chunk was transferred. Nobody wants those bytes, and the socket must be closed.
    }
    await closeStream(this.#socket, this.#closeTimeoutMs, this.#signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
