/** Where messages come from. */
export interface MessageSource<Message> {
  /** The next message that is there; `undefined` when there is none. Throws nothing. */
  readonly take: () => Message | undefined;
  /** Waits for more to arrive; false once there is nothing more. Throws what ended the connection. */
  readonly moreArrived: () => Promise<boolean>;
}

/**
 * Iterates message by message. Not an async generator: where messages are there, a step makes one promise and calls nothing
 * asynchronous, which is several times faster.
 */
export class MessageIterator<Message> implements AsyncIterableIterator<Message, undefined> {
  readonly #source: MessageSource<Message>;
  /** Steps that wait. One that is asked for meanwhile comes after the last of them. */
  #waitingSteps = 0;
  #lastStep: Promise<unknown> | undefined;
  #isDone = false;

  constructor(source: MessageSource<Message>) {
    this.#source = source;
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    if (this.#waitingSteps === 0 && !this.#isDone) {
      const message = this.#source.take();
      if (message !== undefined) return Promise.resolve({ value: message, done: false });
    }
    const step = this.#wait(this.#waitingSteps === 0 ? undefined : this.#lastStep);
    this.#lastStep = step;
    return step;
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    this.#isDone = true;
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #wait(before: Promise<unknown> | undefined): Promise<IteratorResult<Message, undefined>> {
    this.#waitingSteps++;
    try {
      // Its error is told to whoever asked for it.
      if (before !== undefined) await Promise.allSettled([before]);
      return await this.#arrived();
    } catch (error) {
      this.#isDone = true;
      throw error;
    } finally {
      this.#waitingSteps--;
    }
  }

  async #arrived(): Promise<IteratorResult<Message, undefined>> {
    while (!this.#isDone) {
      const message = this.#source.take();
      if (message !== undefined) return { value: message, done: false };
      if (!(await this.#source.moreArrived())) this.#isDone = true;
    }
    return { value: undefined, done: true };
  }
}
