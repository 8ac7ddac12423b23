import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Jitter } from '@socklab/service';

/** Computes when bytes that arrive now are due. The order is kept even if the delay varies. */
export class DelayLine {
  readonly #jitter: Jitter;
  readonly #source;
  #lastMs: number;

  /** @param before - The previous delay line of the stream; nothing is due before its bytes. */
  constructor(jitter: Jitter, seed: number, before?: DelayLine) {
    this.#jitter = jitter;
    this.#source = xoroshiro128plus(seed);
    this.#lastMs = before?.lastMs ?? 0;
  }

  /** Time at which the last bytes are due. */
  get lastMs(): number {
    return this.#lastMs;
  }

  dueMs(nowMs: number): number {
    const { delayMs, jitterMs } = this.#jitter;
    const shiftMs = jitterMs === 0 ? 0 : uniformInt(this.#source, -jitterMs, jitterMs);
    this.#lastMs = Math.max(this.#lastMs, nowMs + delayMs + shiftMs);
    return this.#lastMs;
  }
}
