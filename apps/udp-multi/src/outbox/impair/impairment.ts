import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** How the network misbehaves. Chances are from 0 to 1. */
export interface ImpairmentOptions {
  /** Chance that a datagram is lost. */
  readonly loss: number;
  /** Chance that it is sent twice. */
  readonly dup: number;
  /** Chance that later ones overtake it. */
  readonly reorder: number;
  /** How long each one takes more, in milliseconds, give or take {@link ImpairmentOptions.jitterMs}. */
  readonly delayMs: number;
  readonly jitterMs: number;
  /** The same seed gives the same fates, in order. */
  readonly seed: number;
}

/** What becomes of one datagram. */
export interface Fate {
  /** 0: lost; 2: sent twice. */
  readonly copies: 0 | 1 | 2;
  /** Milliseconds until it leaves. */
  readonly delayMs: number;
}

/** How much longer one takes that others are to overtake. */
export const OVERTAKEN_MS = 20;

/** Whether anything is to happen at all. */
export function isImpaired({ loss, dup, reorder, delayMs, jitterMs }: ImpairmentOptions): boolean {
  return loss > 0 || dup > 0 || reorder > 0 || delayMs > 0 || jitterMs > 0;
}

/** Deals the fates of datagrams, one a call. Each takes four random numbers, so that one option does not change what another does. */
export function createImpairment({ loss, dup, reorder, delayMs, jitterMs, seed }: ImpairmentOptions): () => Fate {
  const generator = xoroshiro128plus(seed);
  const chance = (): number => (generator.next() >>> 0) / 2 ** 32;
  return () => {
    const [lost, doubled, overtaken, late] = [chance() < loss, chance() < dup, chance() < reorder, chance()];
    const delay = delayMs + (2 * late - 1) * jitterMs + (overtaken ? OVERTAKEN_MS : 0);
    return { copies: lost ? 0 : doubled ? 2 : 1, delayMs: Math.max(0, delay) };
  };
}
