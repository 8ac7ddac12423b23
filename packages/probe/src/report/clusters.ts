import type { CaseReport } from './model.ts';

/** Similar cases, and the one that is shown. */
export interface Cluster {
  readonly shown: CaseReport;
  /** How many more there are. */
  readonly others: number;
}

/**
 * Groups cases that contain the same smallest failure, or fail in the same way at a place of the same kind: of a hundred cuts in
 * a payload one is enough. The smallest of each is shown, in their order.
 */
export function clustersOf(cases: readonly CaseReport[]): readonly Cluster[] {
  const keys = new Map(cases.map((each) => [each.trial.id, keyOf(each)]));
  const clusters = new Map<string, CaseReport[]>();
  for (const each of cases) {
    const key = (each.like === undefined ? undefined : keys.get(each.like)) ?? keyOf(each);
    clusters.set(key, [...(clusters.get(key) ?? []), each]);
  }
  return [...clusters.values()].map((alike) => ({ shown: smallestOf(alike), others: alike.length - 1 }));
}

/** The kind and place of a failure, without numbers. */
function keyOf({ kind, verdict, where }: CaseReport): string {
  return `${verdict?.failure ?? kind} ${where.join(' ').replaceAll(/\d+/g, 'n')}`;
}

function smallestOf(alike: readonly CaseReport[]): CaseReport {
  return alike.reduce((best, each) => (sizeOf(each) < sizeOf(best) ? each : best));
}

/** A shrunk case has the bytes around few cuts, and a replay command. */
function sizeOf({ trial, shrunk }: CaseReport): number {
  return (shrunk?.trial ?? trial).pieces + (shrunk === undefined ? 0.5 : 0);
}
