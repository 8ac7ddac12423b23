/** Says when held bytes have waited long enough, counted from the first of them. */
export class HoldTimer {
  readonly #due: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param due - Called when they have. */
  constructor(due: () => void) {
    this.#due = due;
  }

  /** To call after each change of what is held. @param isReleased - What was held before has left. */
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
