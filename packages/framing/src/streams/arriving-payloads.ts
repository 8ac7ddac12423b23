import { chunksOf } from './batcher.ts';
import type { BytesIn, Decoder } from '../codec.ts';
import type { Chunks } from './batcher.ts';
import type { MessageSource } from './message-iterator.ts';

const ENDED = Promise.resolve(false);

/** The payloads of an asynchronous source, which is asked for chunks once no payload is left, and closed when it is no longer needed. */
export class ArrivingPayloads<Decoded> implements MessageSource<Decoded> {
  readonly #decoder: Decoder<Decoded>;
  readonly #source: AsyncIterable<Chunks>;
  /** The source, while it has to be closed. */
  #iterator: AsyncIterator<Chunks> | undefined;
  #hasEnded = false;
  /** The chunks of the last step of the source, and how many of them were pushed. */
  #chunks: readonly BytesIn[] = [];
  #pushed = 0;
  readonly #onStep = (step: IteratorResult<Chunks, unknown>): true => this.#accept(step);
  readonly #onFailure = (error: unknown): never => {
    // A source that failed is over: there is nothing to close.
    this.#iterator = undefined;
    throw error;
  };

  constructor(decoder: Decoder<Decoded>, source: AsyncIterable<Chunks>) {
    this.#decoder = decoder;
    this.#source = source;
  }

  take(): Decoded | undefined {
    for (;;) {
      const payload = this.#decoder.next();
      if (payload !== undefined || this.#pushed === this.#chunks.length) return payload;
      this.#decoder.push(this.#chunks[this.#pushed++]!);
    }
  }

  // Not an async function: each costs as much as a small frame.
  moreArrived(): Promise<boolean> {
    if (this.#hasEnded) return ENDED;
    this.#iterator ??= this.#source[Symbol.asyncIterator]();
    return Promise.resolve(this.#iterator.next()).then(this.#onStep, this.#onFailure);
  }

  close(): PromiseLike<unknown> | undefined {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    this.#chunks = [];
    this.#pushed = 0;
    return iterator?.return?.();
  }

  #accept(step: IteratorResult<Chunks, unknown>): true {
    if (step.done === true) {
      this.#hasEnded = true;
      this.#iterator = undefined;
      this.#decoder.end();
    } else {
      this.#chunks = chunksOf(step.value);
      this.#pushed = 0;
    }
    return true;
  }
}
