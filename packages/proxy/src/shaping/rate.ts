/** Time whose bytes are sent in one burst at a limited rate, in milliseconds. */
const SLICE_SECONDS = 0.02;

/** A rate limit, kept on average over 20 ms. Has no clock: the caller passes the time. */
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

  /** Delay before the next byte may be sent, in milliseconds. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#freeAtMs - nowMs);
  }

  /** Counts sent bytes. */
  took(byteLength: number, nowMs: number): void {
    // A late timer is compensated; idle time gives no credit.
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs - SLICE_SECONDS * 1000) + (byteLength / this.#bytesPerSecond) * 1000;
  }
}
