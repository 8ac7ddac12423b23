import type { DatagramCase } from './model.ts';

/** Similar cases: the first is shown. */
export interface Cluster {
  readonly shown: DatagramCase;
  readonly others: number;
}

/** Cases of one plan that failed in the same way, together. */
export function clustersOf(cases: readonly DatagramCase[]): readonly Cluster[] {
  const groups = Map.groupBy(cases, ({ plan, kind, failure }) => `${plan} ${failure ?? kind}`);
  return [...groups.values()].map(([shown, ...others]) => ({ shown: shown!, others: others.length }));
}
