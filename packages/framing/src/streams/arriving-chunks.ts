import type { Chunks } from './batcher.ts';

const ENDED = Promise.resolve();

/** An asynchronous source of chunks, which is asked for more once all that arrived was taken, and closed when it is no longer needed. */
export abstract class ArrivingChunks {
  readonly #source: AsyncIterable<Chunks>;
  /** The source, while it has to be closed. */
  #iterator: AsyncIterator<Chunks> | undefined;
  #hasEnded = false;

  constructor(source: AsyncIterable<Chunks>) {
    this.#source = source;
  }

  /** Decodes the chunks of one step of the source. */
  protected abstract open(chunks: Chunks): void;

  /** Called at the end of the source. */
  protected abstract end(): void;

  moreArrived(): PromiseLike<unknown> {
    if (this.#hasEnded) return ENDED;
    this.#iterator ??= this.#source[Symbol.asyncIterator]();
    return this.#iterator.next();
  }

  accept(arrived: unknown): boolean {
    if (this.#hasEnded) return false;
    const step = arrived as IteratorResult<Chunks, unknown>;
    if (step.done === true) {
      this.#hasEnded = true;
      this.#iterator = undefined;
      this.end();
    } else {
      this.open(step.value);
    }
    return true;
  }

  fail(): void {
    this.#iterator = undefined;
  }

  close(): PromiseLike<unknown> | undefined {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    return iterator?.return?.();
  }
}
