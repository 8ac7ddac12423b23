import { LabError, excerpt } from '@socklab/lab';
import type { ByteCodec, ByteDecoder, Bytes } from '@socklab/framing';
import type { Recorder } from '@socklab/lab';
import type { Socket } from 'node:net';

/** Options of {@link Reader}. */
export interface ReaderOptions {
  readonly codec: ByteCodec;
  /** Time between a read and the next, in milliseconds. */
  readonly readGapMs: number;
  readonly recorder: Recorder;
}

interface Waiter {
  readonly byteLength: number;
  readonly resolve: () => void;
}

/** The receiving side of a connection: makes messages of each read. */
export class Reader {
  readonly #readGapMs: number;
  readonly #recorder: Recorder;
  readonly #decoder: ByteDecoder;
  readonly #over = Promise.withResolvers<void>();
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiter: Waiter | undefined;
  #readBytes = 0;
  #isOver = false;
  /** The messages so far. */
  readonly received: Bytes[] = [];
  /** The sizes of the reads so far, in bytes. */
  readonly readSizes: number[] = [];
  /** Resolves when everything was read to the end of the stream; rejects when the connection breaks before. */
  readonly finished: Promise<void> = this.#over.promise;

  constructor({ codec, readGapMs, recorder }: ReaderOptions) {
    this.#readGapMs = readGapMs;
    this.#recorder = recorder;
    this.#decoder = codec.createDecoder();
    // Waits get the error; a run that is cancelled before it waits must not end the process.
    this.finished.catch(() => undefined);
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    socket.on('end', () => this.#attempt(() => this.#ended()));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(closedEarly()));
  }

  /** Starts reading. Until then everything waits in the kernel. */
  start(): void {
    this.#socket?.resume();
  }

  /** Takes the bytes of one read. The memory may be reused afterwards. */
  took(chunk: Uint8Array): void {
    this.#attempt(() => {
      this.readSizes.push(chunk.length);
      this.#readBytes += chunk.length;
      this.#recorder.read(chunk.length);
      this.#decoder.push(Uint8Array.from(chunk));
      this.#takeMessages();
      this.#rest();
    });
    if (this.#waiter !== undefined && this.#readBytes >= this.#waiter.byteLength) this.#wake();
  }

  /** Resolves once this many bytes were read in total, or no more follow. */
  hasRead(byteLength: number): Promise<void> {
    if (this.#isOver || this.#readBytes >= byteLength) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiter = { byteLength, resolve };
    });
  }

  #takeMessages(): void {
    let start = this.#readBytes - this.#decoder.bufferedBytes;
    for (let message = this.#decoder.next(); message !== undefined; message = this.#decoder.next()) {
      const end = this.#readBytes - this.#decoder.bufferedBytes;
      this.#recorder.message({ start, end }, excerpt(message));
      this.received.push(message);
      start = end;
    }
  }

  #rest(): void {
    if (this.#readGapMs === 0) return;
    this.#socket?.pause();
    this.#timer = setTimeout(() => this.start(), this.#readGapMs);
  }

  #ended(): void {
    this.#recorder.read(0);
    this.#decoder.end();
    this.#takeMessages();
    this.#over.resolve();
    this.#ending();
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
      this.#socket?.destroy();
    }
  }

  #fail(error: unknown): void {
    clearTimeout(this.#timer);
    this.#over.reject(error);
    this.#ending();
  }

  #ending(): void {
    this.#isOver = true;
    this.#wake();
  }

  #wake(): void {
    this.#waiter?.resolve();
    this.#waiter = undefined;
  }
}

function closedEarly(): LabError {
  return new LabError('LAB_ERR_CLOSED', 'the connection closed while the receiver still reads');
}
