/** Framing on web streams, as browsers, Deno, Bun and Node have them. */

import { checkBatch } from './check-bytes.ts';
import { Batcher, chunksOf } from './streams/batcher.ts';
import { createFrameWriter } from './writer.ts';
import type { Bytes, Codec, Decoder, DecoderOptions } from './codec.ts';
import type { Chunks } from './streams/batcher.ts';

/** Initial memory of written chunks, in bytes; later ones follow what earlier ones needed. */
const FIRST_CHUNK_BYTES = 1024;

/** A pair for `pipeThrough`: what is written to one side comes out of the other. */
export interface FrameStream<In, Out> {
  readonly readable: ReadableStream<Out>;
  readonly writable: WritableStream<In>;
}

/** Options of {@link frameDecoderStream}. */
export interface FrameDecoderStreamOptions extends DecoderOptions {
  /** Returns arrays of payloads, all that one chunk completed: several times faster than one by one. @defaultValue false */
  readonly batch?: boolean;
}

/** Options of {@link frameEncoderStream}. */
export interface FrameEncoderStreamOptions {
  /** Takes arrays of payloads, and makes one chunk of each. @defaultValue false */
  readonly batch?: boolean;
}

/**
 * Chunks in, payloads out, as values and not as a byte stream, so that no payload is glued to the next, and empty ones are seen.
 *
 * It decodes only what the reader asks for, also inside one chunk. Both sides fail with a `FrameError` when the
 * bytes break the format or end inside a frame, after the payloads before the fault.
 */
export function frameDecoderStream<Decoded>(
  codec: Codec<Decoded, never>,
  options: FrameDecoderStreamOptions & { readonly batch: true },
): FrameStream<Chunks, readonly Decoded[]>;
export function frameDecoderStream<Decoded>(
  codec: Codec<Decoded, never>,
  options?: FrameDecoderStreamOptions & { readonly batch?: false },
): FrameStream<Chunks, Decoded>;
export function frameDecoderStream<Decoded>(
  codec: Codec<Decoded, never>,
  { batch = false, ...options }: FrameDecoderStreamOptions = {},
): FrameStream<Chunks, readonly Decoded[] | Decoded> {
  const decoder = codec.createDecoder(options);
  return new Joint<readonly Decoded[] | Decoded>(batch ? batches(decoder) : payloads(decoder));
}

/**
 * Payloads in, frames out, one chunk each; with `batch`, arrays of payloads in and one chunk for each array. Each chunk has memory of its own.
 *
 * Both sides fail with a `FrameError` when a payload could not be read back, after the frames before it.
 */
export function frameEncoderStream<Encodable>(
  codec: Codec<unknown, Encodable>,
  options: FrameEncoderStreamOptions & { readonly batch: true },
): FrameStream<readonly Encodable[], Bytes>;
export function frameEncoderStream<Encodable>(
  codec: Codec<unknown, Encodable>,
  options?: FrameEncoderStreamOptions & { readonly batch?: false },
): FrameStream<Encodable, Bytes>;
export function frameEncoderStream<Encodable>(
  codec: Codec<unknown, Encodable>,
  { batch = false }: FrameEncoderStreamOptions = {},
): FrameStream<Encodable, Bytes> | FrameStream<readonly Encodable[], Bytes> {
  const writer = createFrameWriter({ slabBytes: FIRST_CHUNK_BYTES });
  if (!batch) {
    // Not encode(): web byte streams transfer what they are given, which needs separate memory.
    return new TransformStream<Encodable, Bytes>({
      transform(payload, controller) {
        codec.encodeInto(writer, payload);
        controller.enqueue(writer.take());
      },
    });
  }
  return new TransformStream<readonly Encodable[], Bytes>({
    transform(batchOfPayloads, controller) {
      checkBatch(batchOfPayloads);
      for (const payload of batchOfPayloads) codec.encodeInto(writer, payload);
      if (batchOfPayloads.length > 0) controller.enqueue(writer.take());
    },
  });
}

/** Turns chunks into items, step by step. */
interface Steps<Item> {
  push(chunks: Chunks): void;
  end(): void;
  /** The next item, or `undefined` when more chunks are needed. Throws a fault once the items before it were returned. */
  next(): Item | undefined;
}

function payloads<Decoded>(decoder: Decoder<Decoded>): Steps<Decoded> {
  return {
    push: (chunks) => {
      for (const chunk of chunksOf(chunks)) decoder.push(chunk);
    },
    end: () => decoder.end(),
    next: () => decoder.next(),
  };
}

function batches<Decoded>(decoder: Decoder<Decoded>): Steps<readonly Decoded[]> {
  const batcher = new Batcher(decoder);
  let batch: readonly Decoded[] = [];
  return {
    push: (chunks) => {
      batch = batcher.push(chunks);
    },
    end: () => {
      batch = batcher.end();
    },
    next: () => {
      const next = batch;
      batch = [];
      if (next.length > 0) return next;
      batcher.check();
      return undefined;
    },
  };
}

/**
 * A writable and a readable side, joined. Not a TransformStream: that would decode a whole chunk whatever the reader
 * reads, and an error would discard what was decoded before it.
 *
 * Nothing is queued: an item is made when a read asks for it, and a write is done once all its items were taken.
 */
class Joint<Item> implements FrameStream<Chunks, Item> {
  readonly readable: ReadableStream<Item>;
  readonly writable: WritableStream<Chunks>;
  readonly #steps: Steps<Item>;
  #reading!: ReadableStreamDefaultController<Item>;
  #writing!: WritableStreamDefaultController;
  #hasEnded = false;
  #failure: { readonly error: unknown } | undefined;
  /** Ends the read that waits for a chunk. */
  #endRead: (() => void) | undefined;
  /** Ends the write whose items are being taken. */
  #endWrite: (() => void) | undefined;

  constructor(steps: Steps<Item>) {
    this.#steps = steps;
    this.readable = new ReadableStream<Item>(
      {
        start: (controller) => {
          this.#reading = controller;
        },
        pull: () => this.#pull(),
        cancel: (reason) => {
          this.#writing.error(reason);
          this.#release();
        },
      },
      { highWaterMark: 0 },
    );
    this.writable = new WritableStream<Chunks>({
      start: (controller) => {
        this.#writing = controller;
        // The sink's own abort() would wait for a write that waits for a reader.
        controller.signal.addEventListener('abort', () => {
          this.#reading.error(controller.signal.reason);
          this.#release();
        });
      },
      write: (chunks) => this.#write(chunks),
      close: () => this.#close(),
    });
  }

  #pull(): Promise<void> | undefined {
    if (this.#answer()) return undefined;
    this.#endWrite?.();
    this.#endWrite = undefined;
    return new Promise((resolve) => {
      this.#endRead = resolve;
    });
  }

  #write(chunks: Chunks): Promise<void> | undefined {
    this.#step(() => this.#steps.push(chunks));
    if (this.#endRead !== undefined) return undefined;
    return new Promise((resolve) => {
      this.#endWrite = resolve;
    });
  }

  #close(): void {
    const isAwaited = this.#endRead !== undefined;
    this.#step(() => {
      this.#steps.end();
      this.#hasEnded = true;
    });
    // A write is done once its items were taken and a read waits.
    if (!isAwaited) this.#reading.close();
  }

  /** Takes a step for the writer, and answers the pending read. Throws the error of the step. */
  #step(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.#fail(error);
    }
    if (this.#endRead !== undefined && this.#answer()) {
      this.#endRead?.();
      this.#endRead = undefined;
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Answers a read; false when that takes another chunk. */
  #answer(): boolean {
    try {
      const item = this.#steps.next();
      if (item !== undefined) this.#reading.enqueue(item);
      else if (this.#hasEnded) this.#reading.close();
      else return false;
    } catch (error) {
      this.#fail(error);
    }
    return true;
  }

  #fail(error: unknown): void {
    this.#failure = { error };
    this.#reading.error(error);
    this.#writing.error(error);
    this.#release();
  }

  #release(): void {
    this.#endRead?.();
    this.#endWrite?.();
    this.#endRead = undefined;
    this.#endWrite = undefined;
  }
}
