import { count, titleOf } from '../../report/headline.ts';
import { excerptText, plain } from '../../report/text.ts';
import { DATAGRAM_VERDICTS } from '../base/types.ts';
import { doneOf } from './builder.ts';
import type { DatagramCase, DatagramReport, DatagramTally } from './model.ts';

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

function head({ target, exchange, sends, control, concurrency, durationMs, restarts = 0 }: DatagramReport): string {
  const sizes = sends.map(({ totalBytes }) => count(totalBytes, 'byte')).join(', then ');
  const lines = [
    ['target', `${target} over UDP`],
    ['exchange', exchange.name === undefined ? sizes : `${exchange.name}: ${sizes}`],
    ['control', `${control.kind}, ${count(control.runs, 'run')}, longest ${control.durationMs.toFixed(1)} ms${controlDetail(control)}`],
    ['trials', `${concurrency} at once, ${(durationMs / 1000).toFixed(2)} s`],
    ...(restarts === 0 ? [] : [['restarts', `the target was started again, ${count(restarts, 'time')} in all`]]),
  ];
  return lines.map(([name = '', value = '']) => `${name.padEnd(10)}${plain(value)}`).join('\n');
}

function controlDetail({ detail, kind }: DatagramReport['control']): string {
  return detail === undefined || kind !== 'ok' ? '' : `: ${detail}`;
}

const COLUMNS = ['planned', ...DATAGRAM_VERDICTS] as const;

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
    ...(amplification === undefined ? [] : [amplificationText(amplification)]),
    ...notes.map((note) => `note: ${note}`),
    ...(notTried.length === 0 ? [] : [`not tried: ${notTried.join('; ')}`]),
  ];
}

function amplificationText({ trial, bytesIn, bytesOut, factor }: NonNullable<DatagramReport['amplification']>): string {
  return `amplification: at most ${factor.toFixed(1)} times on the wire: ${bytesIn} bytes from a new address brought ${bytesOut} (${trial})`;
}

/** Similar cases: the first is shown. */
interface Cluster {
  readonly shown: DatagramCase;
  readonly others: number;
}

function clustersOf(cases: readonly DatagramCase[]): readonly Cluster[] {
  const groups = Map.groupBy(cases, ({ plan, kind, failure }) => `${plan} ${failure ?? kind}`);
  return [...groups.values()].map(([shown, ...others]) => ({ shown: shown!, others: others.length }));
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
