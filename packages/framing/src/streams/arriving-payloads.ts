import { Arriving } from './arriving.ts';
import { chunksOf } from './batcher.ts';
import type { BytesIn, Decoder } from '../codec.ts';
import type { Batcher, Chunks } from './batcher.ts';
import type { MessageSource } from './message-iterator.ts';

/** The payloads of an asynchronous source, one by one. */
export class ArrivingPayloads<Decoded> extends Arriving<Chunks> implements MessageSource<Decoded> {
  readonly #decoder: Decoder<Decoded>;
  /** The chunks of a step that brought several, and how many of them were pushed. */
  #chunks: readonly BytesIn[] = [];
  #pushed = 0;

  constructor(decoder: Decoder<Decoded>, source: AsyncIterable<Chunks>) {
    super(source);
    this.#decoder = decoder;
  }

  take(): Decoded | undefined {
    for (;;) {
      const payload = this.#decoder.next();
      if (payload !== undefined || this.#pushed === this.#chunks.length) return payload;
      this.#decoder.push(this.#chunks[this.#pushed++]!);
    }
  }

  // A single chunk, as nearly every step has, is pushed at once: a list for it would cost as much as a small frame.
  protected override open(chunks: Chunks): void {
    if (chunks instanceof Uint8Array) {
      this.#decoder.push(chunks);
    } else {
      this.#chunks = chunksOf(chunks);
      this.#pushed = 0;
    }
  }

  protected override end(): void {
    this.#decoder.end();
  }

  override close(): PromiseLike<unknown> | undefined {
    this.#chunks = [];
    this.#pushed = 0;
    return super.close();
  }
}

/** The payloads of an asynchronous source in batches: all that one step completed. */
export class ArrivingBatches<Decoded> extends Arriving<Chunks> implements MessageSource<readonly Decoded[]> {
  readonly #batcher: Batcher<Decoded>;
  #batch: readonly Decoded[] | undefined;

  constructor(batcher: Batcher<Decoded>, source: AsyncIterable<Chunks>) {
    super(source);
    this.#batcher = batcher;
  }

  take(): readonly Decoded[] | undefined {
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch !== undefined && batch.length > 0) return batch;
    this.#batcher.check();
    return undefined;
  }

  protected override open(chunks: Chunks): void {
    this.#batch = this.#batcher.push(chunks);
  }

  protected override end(): void {
    this.#batch = this.#batcher.end();
  }
}
