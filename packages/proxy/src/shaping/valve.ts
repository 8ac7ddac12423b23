/** A gate that callers wait at while it is closed. Initially open. */
export class Valve {
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

  /** Resolves when the gate is open. @throws the reason of the signal when it aborts. */
  async passed(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => aborted.resolve(), { once: true });
    while (this.#closed !== undefined && !signal.aborted) await Promise.race([this.#closed.promise, aborted.promise]);
    signal.throwIfAborted();
  }
}
