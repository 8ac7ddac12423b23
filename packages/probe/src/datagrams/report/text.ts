import { count, titleOf } from '../../report/headline.ts';
import { excerptText, plain } from '../../report/text.ts';
import { DATAGRAM_VERDICTS } from '../base/types.ts';
import { doneOf } from './builder.ts';
import { clustersOf } from './clusters.ts';
import type { DatagramVerdictKind } from '../base/types.ts';
import type { Cluster } from './clusters.ts';
import type { DatagramReport, DatagramTally } from './model.ts';

/** Most cases that are printed, one of each plan and kind. */
const MAX_SHOWN_CASES = 8;

/** A report for a terminal. Nothing in it can control one: of a server's bytes only printable ASCII is shown. */
export function datagramText(report: DatagramReport): string {
  const clusters = clustersOf(report.cases);
  const shown = clusters.slice(0, MAX_SHOWN_CASES);
  const hidden = clusters.slice(MAX_SHOWN_CASES).reduce((sum, { others }) => sum + others + 1, report.omittedCases);
  const blocks = [
    head(report),
    ...(report.control.kind === 'ok' ? [table(report.plans)] : []),
    [`${titleOf(report)}  ${plain(datagramHeadline(report))}`, ...remarks(report).map(plain)].join('\n'),
    ...shown.map(clusterText),
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function head(report: DatagramReport): string {
  const { target, control } = report;
  const lines = [
    ['target', `${target} over UDP`],
    ['exchange', exchangeText(report)],
    ['control', `${control.kind}, ${count(control.runs, 'run')}, longest ${control.durationMs.toFixed(1)} ms${controlDetail(control)}`],
    ['trials', trialsText(report)],
    ['restarts', restartsText(report)],
  ];
  return lines.flatMap(([name = '', value]) => (value === undefined ? [] : [`${name.padEnd(10)}${plain(value)}`])).join('\n');
}

/** The exchange in short: `count: 6 bytes, then 7 bytes`. */
export function exchangeText({ exchange, sends }: DatagramReport): string {
  const sizes = sends.map(({ totalBytes }) => count(totalBytes, 'byte')).join(', then ');
  return exchange.name === undefined ? sizes : `${exchange.name}: ${sizes}`;
}

/** How many trials were done at once, and the time of all. */
export function trialsText({ concurrency, durationMs }: DatagramReport): string {
  return `${concurrency} at once, ${(durationMs / 1000).toFixed(2)} s`;
}

/** How often the target was restarted; `undefined` when it was not. */
export function restartsText({ restarts = 0 }: DatagramReport): string | undefined {
  return restarts === 0 ? undefined : `the target was started again, ${count(restarts, 'time')} in all`;
}

function controlDetail({ detail, kind }: DatagramReport['control']): string {
  return detail === undefined || kind !== 'ok' ? '' : `: ${detail}`;
}

/** The numbers of a plan, in the order of tables. */
export const COLUMNS: readonly ('planned' | DatagramVerdictKind)[] = ['planned', ...DATAGRAM_VERDICTS];

function table(plans: readonly DatagramTally[]): string {
  const tried = plans.filter(({ planned }) => planned > 0);
  const width = Math.max(...tried.map(({ plan }) => plan.length), 'plan'.length);
  const row = (name: string, cells: readonly string[]): string => [name.padEnd(width), ...cells.map((cell) => cell.padStart(7))].join('  ');
  return [
    row('plan', COLUMNS),
    ...tried.map((tally) =>
      row(
        tally.plan,
        COLUMNS.map((column) => String(tally[column])),
      ),
    ),
  ].join('\n');
}

/** The outcome in one sentence. */
export function datagramHeadline({ control, totals, plans }: DatagramReport): string {
  if (control.kind !== 'ok') return `${control.detail ?? 'the control failed'}: nothing was learnt about harmed datagrams`;
  const done = doneOf(totals);
  const left = plans.reduce((sum, { planned }) => sum + planned, 0) - done;
  return `${verdictOf(totals, done)}${left > 0 ? `; ${left} more of the campaign were not done` : ''}`;
}

function verdictOf(totals: DatagramReport['totals'], done: number): string {
  if (totals.fail > 0) return `${totals.fail} of ${count(done, 'trial')} fail`;
  if (totals.flaky > 0) return `${count(totals.flaky, 'trial')} of ${done} failed once and not again`;
  return done === 0
    ? 'no trial was done'
    : `after each of ${count(done, 'trial')} the server answered as before, and nobody got what belongs to another`;
}

/** What is said below the outcome, a line each. */
export function remarks({ amplification, notes, notTried }: DatagramReport): readonly string[] {
  return [
    ...(amplification === undefined ? [] : [`amplification: ${amplificationText(amplification)}`]),
    ...notes.map((note) => `note: ${note}`),
    ...(notTried.length === 0 ? [] : [`not tried: ${notTried.join('; ')}`]),
  ];
}

/** The most that one datagram brought, in one sentence. */
export function amplificationText({ trial, bytesIn, bytesOut, factor }: NonNullable<DatagramReport['amplification']>): string {
  return `at most ${factor.toFixed(1)} times on the wire: ${bytesIn} bytes from a new address brought ${bytesOut} (${trial})`;
}

function clusterText({ shown, others }: Cluster): string {
  const { trial, what, kind, failure, detail, meaning, expected, received, replay } = shown;
  const lines = [
    ...(others > 0 ? [`${others} more like it`] : []),
    what,
    ...(meaning === undefined ? [] : [meaning]),
    '',
    `expected  ${excerptText(expected)}`,
    `received  ${excerptText(received)}`,
    ...(replay === undefined ? [] : [`replay    ${plain(replay)}`]),
  ];
  return [`${trial}  ${failure ?? kind}: ${plain(detail)}`, ...lines.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}
