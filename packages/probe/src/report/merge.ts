import { fromHex } from '../bytes/hex.ts';
import { diagnose, pausesOf } from '../diagnosis/diagnose.ts';
import { ProbeError } from '../errors.ts';
import { optional } from '../optional.ts';
import { CellStrip } from './cell-strip.ts';
import { MAX_CASES } from './model.ts';
import { notTriedOf } from './not-tried.ts';
import { outcomeOf } from './outcome.ts';
import { sumOf } from './totals.ts';
import type { GlueTally } from '../diagnosis/diagnose-glue.ts';
import type { Confidence, Diagnosis } from '../types.ts';
import type { ControlSummary, PlanTally, ProbeReport, SendSummary } from './model.ts';

/**
 * Joins the reports of the shards of one campaign. Counts are added, the worst of each cell is kept, and the first cases, and the
 * likely bug is inferred again from everything. Shards may be missing or have ended early: the result then says so and does not
 * pass, as what was not tried must never look like a pass.
 *
 * @throws ProbeError `PROBE_ERR_REPORT` when there is none, when they belong to different campaigns, or when a shard occurs twice.
 */
export function mergeReports(reports: readonly ProbeReport[]): ProbeReport {
  const [first] = reports;
  if (first === undefined) throw wrong('there are no reports to merge');
  for (const [index, report] of reports.entries()) checkSame(first, report, index);
  const indexes = reports.flatMap(({ shards }) => shards.indexes);
  const twice = indexes.find((shard, index) => indexes.indexOf(shard) < index);
  if (twice !== undefined) throw wrong(`shard ${twice} of ${first.shards.of} is there twice`);
  return merged(
    first,
    reports,
    indexes.toSorted((left, right) => left - right),
  );
}

function merged(first: ProbeReport, reports: readonly ProbeReport[], indexes: readonly number[]): ProbeReport {
  const control = worstControl(reports);
  const totals = sumOf(reports.map((report) => report.totals));
  const cases = reports.flatMap((report) => report.cases).toSorted((left, right) => left.trial.index - right.trial.index);
  const shown = cases.slice(0, MAX_CASES);
  const sends = first.sends.map((send, index) => ({ ...send, cells: worstCells(reports.map((report) => report.sends[index]!)) }));
  const glue = mergedGlue(reports);
  const { diagnosis: _first, ...campaign } = first;
  // Failures that need company are no proof in any shard.
  const failing = reports.filter((report) => report.totals.fail > 0);
  const isCompany = failing.length > 0 && failing.every((report) => report.outcome === 'flaky');
  const outcome = isCompany && control.kind === 'ok' ? 'flaky' : outcomeOf(control, totals);
  const done = totals.pass + totals.fail + totals.unconfirmed + totals.flaky;
  const planned = first.plans.reduce((sum, plan) => sum + plan.planned, 0);
  const plans = first.plans.map((plan) => mergedPlan(plan, reports));
  return {
    ...campaign,
    outcome: outcome === 'pass' && done < planned ? 'unconfirmed' : outcome,
    shards: { indexes, of: first.shards.of },
    control,
    sends,
    plans,
    glue,
    totals,
    ...optional('restarts', sumOfCounts(reports.map(({ restarts }) => restarts))),
    ...optional('earlyAnswers', sumOfCounts(reports.map(({ earlyAnswers }) => earlyAnswers))),
    durationMs: Math.max(...reports.map(({ durationMs }) => durationMs)),
    notTried: notTriedOf({ ...first, sends, plans }),
    ...optional('diagnosis', mergedDiagnosis(reports, { sends, glue, plans })),
    cases: shown,
    omittedCases: totals.fail + totals.flaky - shown.length,
  };
}

/** What must be equal in the reports of one campaign. */
const SAME: readonly { readonly what: string; readonly of: (report: ProbeReport) => unknown }[] = [
  { what: 'exchange', of: ({ exchange, sends }) => [exchange, sends.map(({ bytes, hex }) => [bytes, hex])] },
  { what: 'seed', of: ({ seed }) => seed },
  { what: 'pace', of: ({ pace }) => pace },
  { what: 'plans', of: ({ plans }) => plans.map(({ plan, planned }) => [plan, planned]) },
  { what: 'number of shards', of: ({ shards }) => shards.of },
];

function checkSame(first: ProbeReport, report: ProbeReport, index: number): void {
  const different = SAME.find(({ of }) => JSON.stringify(of(report)) !== JSON.stringify(of(first)));
  if (different !== undefined) throw wrong(`reports 1 and ${index + 1} are not of one campaign: they have not the same ${different.what}`);
}

function sumOfCounts(all: readonly (number | undefined)[]): number | undefined {
  const counts = all.flatMap((each) => each ?? []);
  return counts.length === 0 ? undefined : counts.reduce((sum, each) => sum + each, 0);
}

const WORST_CONTROL: readonly ControlSummary['kind'][] = ['failed', 'flaky', 'ok'];

function worstControl(reports: readonly ProbeReport[]): ControlSummary {
  const controls = reports.map(({ control }) => control);
  const worst = WORST_CONTROL.map((kind) => controls.find((control) => control.kind === kind)).find((control) => control !== undefined)!;
  const runs = controls.reduce((sum, control) => sum + control.runs, 0);
  return { ...worst, runs, durationMs: Math.max(...controls.map(({ durationMs }) => durationMs)) };
}

function worstCells(sends: readonly SendSummary[]): string {
  const strip = new CellStrip(sends[0]!.bytes);
  for (const { cells } of sends) for (let index = 0; index < cells.length; index++) strip.mark(index + 1, cells[index]!);
  return strip.toString();
}

function mergedPlan({ plan, planned, untried }: PlanTally, reports: readonly ProbeReport[]): PlanTally {
  return {
    plan,
    planned,
    ...optional('untried', untried),
    ...sumOf(reports.flatMap(({ plans }) => plans.filter((other) => other.plan === plan))),
  };
}

function mergedGlue(reports: readonly ProbeReport[]): readonly GlueTally[] {
  const tallies = new Map<string, GlueTally>();
  for (const tally of reports.flatMap(({ glue }) => glue)) {
    const key = `${tally.kind} ${tally.first} ${tally.isRepeated}`;
    const { pass = 0, fail = 0 } = tallies.get(key) ?? {};
    tallies.set(key, { ...tally, pass: pass + tally.pass, fail: fail + tally.fail });
  }
  return [...tallies.values()];
}

const SUREST: readonly Confidence[] = ['certain', 'likely', 'possible'];

function mergedDiagnosis(
  reports: readonly ProbeReport[],
  { sends, glue, plans }: Pick<ProbeReport, 'sends' | 'glue' | 'plans'>,
): Diagnosis | undefined {
  const isWhole = sends.every(({ bytes, hex, frameCount, frames }) => hex.length === bytes * 2 && frameCount === frames?.length);
  if (isWhole) {
    const evidence = sends.map(({ hex, frames, cells }) => ({ bytes: fromHex(hex), ...optional('frames', frames), cells }));
    return diagnose({ sends: evidence, glue, pauses: pausesOf(plans) });
  }
  // The reports do not contain the whole request, so the most certain inference of them is kept.
  const diagnoses = reports.flatMap(({ diagnosis }) => diagnosis ?? []);
  return SUREST.map((confidence) => diagnoses.find((each) => each.confidence === confidence)).find((each) => each !== undefined);
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_REPORT', what);
}
