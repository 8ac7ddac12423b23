import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A simulated bad network. Probabilities are from 0 to 1. */
export interface ImpairmentOptions {
  /** Probability that a datagram is lost. */
  readonly loss: number;
  /** Probability that it is sent twice. */
  readonly dup: number;
  /** Probability that later ones overtake it. */
  readonly reorder: number;
  /** Additional delay of each one, in milliseconds, plus or minus {@link ImpairmentOptions.jitterMs}. */
  readonly delayMs: number;
  readonly jitterMs: number;
  /** The same seed gives the same fates, in order. */
  readonly seed: number;
}

/** The fate of one datagram. */
export interface Fate {
  /** 0: lost; 2: sent twice. */
  readonly copies: 0 | 1 | 2;
  /** Milliseconds until it is sent. */
  readonly delayMs: number;
}

/** Additional delay of a datagram that others are to overtake. */
export const OVERTAKEN_MS = 20;

/** Whether any impairment is configured. */
export function isImpaired({ loss, dup, reorder, delayMs, jitterMs }: ImpairmentOptions): boolean {
  return loss > 0 || dup > 0 || reorder > 0 || delayMs > 0 || jitterMs > 0;
}

/** Draws the fates of datagrams, one a call. Each takes four random numbers, so that an option does not change the effect of another. */
export function createImpairment({ loss, dup, reorder, delayMs, jitterMs, seed }: ImpairmentOptions): () => Fate {
  const generator = xoroshiro128plus(seed);
  const chance = (): number => (generator.next() >>> 0) / 2 ** 32;
  return () => {
    const [lost, doubled, overtaken, late] = [chance() < loss, chance() < dup, chance() < reorder, chance()];
    const delay = delayMs + (2 * late - 1) * jitterMs + (overtaken ? OVERTAKEN_MS : 0);
    return { copies: lost ? 0 : doubled ? 2 : 1, delayMs: Math.max(0, delay) };
  };
}
