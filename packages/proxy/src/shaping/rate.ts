/** Bytes that leave at once at a limited rate are those of so much time. */
const SLICE_SECONDS = 0.02;

/** A rate that is kept on average over 20 ms. It has no clock: whoever asks says what time it is. */
export class Rate {
  readonly #bytesPerSecond: number;
  /** Most bytes of one write. */
  readonly sliceBytes: number;
  #freeAtMs = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.sliceBytes =
      bytesPerSecond === Number.POSITIVE_INFINITY ? bytesPerSecond : Math.max(1, Math.floor(bytesPerSecond * SLICE_SECONDS));
  }

  get isLimited(): boolean {
    return this.#bytesPerSecond !== Number.POSITIVE_INFINITY;
  }

  /** How long the next byte has to wait, in milliseconds. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#freeAtMs - nowMs);
  }

  /** Counts bytes that leave. */
  took(byteLength: number, nowMs: number): void {
    // A timer that came late is made up for, an idle time is not.
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs - SLICE_SECONDS * 1000) + (byteLength / this.#bytesPerSecond) * 1000;
  }
}
