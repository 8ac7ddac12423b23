const ENDED = Promise.resolve();

/** An asynchronous source, which is asked for more once all that arrived was taken, and closed when it is no longer needed. */
export abstract class Arriving<Item> {
  readonly #source: AsyncIterable<Item>;
  /** The source, while it has to be closed. */
  #iterator: AsyncIterator<Item> | undefined;
  #hasEnded = false;

  constructor(source: AsyncIterable<Item>) {
    this.#source = source;
  }

  /** Called with each item. */
  protected abstract open(item: Item): void;

  /** Called at the end of the source. */
  protected end(): void {}

  moreArrived(): PromiseLike<unknown> {
    if (this.#hasEnded) return ENDED;
    this.#iterator ??= this.#source[Symbol.asyncIterator]();
    return this.#iterator.next();
  }

  accept(arrived: unknown): boolean {
    if (this.#hasEnded) return false;
    const step = arrived as IteratorResult<Item, unknown>;
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
