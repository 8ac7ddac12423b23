import type { CaseReport } from './model.ts';

/** Cases that look alike, and the one of them that is shown. */
export interface Cluster {
  readonly shown: CaseReport;
  /** How many more there are. */
  readonly others: number;
}

/**
 * Puts cases together that have the same smallest failure in them, or fail in the same way in a place of the same kind: of a hundred
 * cuts in a payload one tells all. The smallest of each is shown, in the order in which they come.
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

/** What fails and where, without the numbers. */
function keyOf({ kind, verdict, where }: CaseReport): string {
  return `${verdict?.failure ?? kind} ${where.join(' ').replaceAll(/\d+/g, 'n')}`;
}

function smallestOf(alike: readonly CaseReport[]): CaseReport {
  return alike.reduce((best, each) => (sizeOf(each) < sizeOf(best) ? each : best));
}

/** One that was shrunk has its bytes around few cuts, and a command to see it again. */
function sizeOf({ trial, shrunk }: CaseReport): number {
  return (shrunk?.trial ?? trial).pieces + (shrunk === undefined ? 0.5 : 0);
}
