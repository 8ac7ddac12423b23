import type { Direction } from './direction.ts';

/** What has passed in one direction, of all connections together. */
export interface FlowTotals {
  bytes: number;
  pieces: number;
  /** Pieces that the peer is known to have read on their own. */
  confirmed: number;
}

/** What has passed. */
export type Totals = Readonly<Record<Direction, FlowTotals>>;

/** Counts from nothing. */
export function createTotals(): Totals {
  return { up: { bytes: 0, pieces: 0, confirmed: 0 }, down: { bytes: 0, pieces: 0, confirmed: 0 } };
}
