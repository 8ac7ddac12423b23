/** Timer for held bytes, started by the first of them. */
export class HoldTimer {
  readonly #due: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param due - Called when the held bytes are due. */
  constructor(due: () => void) {
    this.#due = due;
  }

  /** Call after each change of the held bytes. @param isReleased - Whether the previously held bytes were sent. */
  held(byteLength: number, holdMs: number, isReleased: boolean): void {
    if (isReleased || byteLength === 0) this.stop();
    if (byteLength === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#due();
    }, holdMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
