import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Jitter } from '@socklab/service';

/** Says when bytes that come now are due. What came first is due first, however the delay varies. */
export class Lag {
  readonly #jitter: Jitter;
  readonly #source;
  #lastMs: number;

  /** @param before - What was asked before, on the same stream: nothing is due before what came then. */
  constructor(jitter: Jitter, seed: number, before?: Lag) {
    this.#jitter = jitter;
    this.#source = xoroshiro128plus(seed);
    this.#lastMs = before?.lastMs ?? 0;
  }

  /** When the last bytes are due. */
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
