/** The source of messages. */
export interface MessageSource<Message> {
  /** The next available message; `undefined` without one. */
  take(): Message | undefined;
  /** Waits for more to arrive; resolves to false once there is nothing more, or to what `accept` takes. */
  moreArrived(): PromiseLike<unknown>;
  /** Takes what `moreArrived` resolved to; false once there is nothing more. Not a reaction of its own, which would cost as much as a small frame. */
  accept?(arrived: unknown): boolean;
  /** Called when `moreArrived` failed: there is nothing to close. */
  fail?(): void;
  /** Ends a wait for more: nobody asks any longer. */
  stopWaiting?(): void;
  /** Called when iteration stops before its end or after an error, if there is something to close. */
  close?(): PromiseLike<unknown> | undefined;
}

/** Whether more arrived, from what `moreArrived` of `source` resolved to. */
export function hasMore(source: MessageSource<unknown>, arrived: unknown): boolean {
  return source.accept === undefined ? arrived === true : source.accept(arrived);
}

/**
 * Iterates message by message. Not an async generator: where messages are available, a step makes one promise and calls
 * nothing asynchronous, which is several times faster.
 */
export class MessageIterator<Message> implements AsyncIterableIterator<Message, undefined> {
  readonly #source: MessageSource<Message>;
  /** Steps that wait. A step that is asked for meanwhile follows the last of them. */
  #waitingSteps = 0;
  #lastStep: Promise<unknown> | undefined;
  #isDone = false;

  constructor(source: MessageSource<Message>) {
    this.#source = source;
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    if (this.#waitingSteps === 0 && !this.#isDone) {
      try {
        const message = this.#source.take();
        if (message !== undefined) return Promise.resolve({ value: message, done: false });
      } catch (error) {
        return this.#fail(error);
      }
    }
    const step = this.#wait(this.#waitingSteps === 0 ? undefined : this.#lastStep);
    this.#lastStep = step;
    return step;
  }

  async return(): Promise<IteratorResult<Message, undefined>> {
    this.#isDone = true;
    if (this.#waitingSteps > 0) this.#source.stopWaiting?.();
    await this.#source.close?.();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #wait(before: Promise<unknown> | undefined): Promise<IteratorResult<Message, undefined>> {
    this.#waitingSteps++;
    let isAsking = false;
    try {
      // Its error is reported to the call that asked for it.
      if (before !== undefined) await Promise.allSettled([before]);
      while (!this.#isDone) {
        const message = this.#source.take();
        if (message !== undefined) return { value: message, done: false };
        isAsking = true;
        // Awaited here and not in an async method of its own, which would cost each chunk another turn of the microtask queue.
        const arrived = await this.#source.moreArrived();
        isAsking = false;
        if (!hasMore(this.#source, arrived)) this.#isDone = true;
      }
      return { value: undefined, done: true };
    } catch (error) {
      if (isAsking) this.#source.fail?.();
      return await this.#fail(error);
    } finally {
      this.#waitingSteps--;
    }
  }

  async #fail(fault: unknown): Promise<never> {
    this.#isDone = true;
    try {
      await this.#source.close?.();
    } catch {
      // The fault came first, and tells more.
    }
    throw fault;
  }
}
