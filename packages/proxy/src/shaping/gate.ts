/** Lets pass, or has those who want to pass wait until it does. Open at first. */
export class Gate {
  #closed: PromiseWithResolvers<void> | undefined;

  get isOpen(): boolean {
    return this.#closed === undefined;
  }

  close(): void {
    this.#closed ??= Promise.withResolvers();
  }

  open(): void {
    this.#closed?.resolve();
    this.#closed = undefined;
  }

  /** Resolves when it is open. @throws the signal's reason, once it aborts. */
  async passed(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => aborted.resolve(), { once: true });
    while (this.#closed !== undefined && !signal.aborted) await Promise.race([this.#closed.promise, aborted.promise]);
    signal.throwIfAborted();
  }
}
