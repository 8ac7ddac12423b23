import type { VerdictKind } from '../types.ts';

export type Totals = Readonly<Record<VerdictKind, number>>;

export function noVerdicts(): Record<VerdictKind, number> {
  return { pass: 0, fail: 0, unconfirmed: 0, flaky: 0 };
}

export function sumOf(tallies: readonly Totals[]): Totals {
  const totals = noVerdicts();
  for (const { pass, fail, unconfirmed, flaky } of tallies) {
    totals.pass += pass;
    totals.fail += fail;
    totals.unconfirmed += unconfirmed;
    totals.flaky += flaky;
  }
  return totals;
}
