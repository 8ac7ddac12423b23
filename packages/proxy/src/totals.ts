import type { Direction } from './direction.ts';

/** Traffic of one direction, summed over all connections. */
export interface FlowTotals {
  bytes: number;
  pieces: number;
  /** Pieces confirmed as read by the peer before the next one was sent. */
  confirmed: number;
}

/** Traffic in both directions. */
export type Totals = Readonly<Record<Direction, FlowTotals>>;

/** Totals that start at zero. */
export function createTotals(): Totals {
  return { up: { bytes: 0, pieces: 0, confirmed: 0 }, down: { bytes: 0, pieces: 0, confirmed: 0 } };
}
