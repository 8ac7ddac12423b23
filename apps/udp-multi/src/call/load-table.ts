import { formatCount, formatMicroseconds, threeDigits } from '@socklab/service';
import { percent } from './load-report.ts';
import type { LatencySummary } from '@socklab/service';
import type { LoadReport } from './load-report.ts';

/** The report of a load for people, as lines that end in a newline. */
export function loadTable(report: LoadReport): string {
  const { datagrams, answers, roundTrip } = report;
  const rows: readonly (readonly [string, string])[] = [
    ['sockets', formatCount(report.sockets)],
    ['sent', amended(formatCount(datagrams.sent), { 'not sent': datagrams.notSent, 'never sent': datagrams.unsent })],
    ['answered', amended(formatCount(datagrams.answered), { reordered: report.reordered })],
    ['lost', lost(report)],
    ['answers', amended(formatCount(answers.received), extra(report))],
    ['bytes', `${formatCount(report.sentBytes)} out, ${formatCount(report.answeredBytes)} in`],
    ['duration', formatMicroseconds(report.durationSeconds * 1e6)],
    ['answered/s', threeDigits(report.datagramsPerSecond)],
    ...(roundTrip === null ? [] : roundTripRows(roundTrip)),
  ];
  return rows.map(([name, text]) => `${name.padEnd(13)}${text}\n`).join('');
}

/** A count, and what belongs to it. */
function amended(count: string, parts: Readonly<Record<string, number>>): string {
  const there = Object.entries(parts).filter(([, each]) => each > 0);
  return there.length === 0 ? count : `${count} (${there.map(([name, each]) => `${formatCount(each)} ${name}`).join(', ')})`;
}

function lost({ datagrams, lossRatio, timeoutMs, answers }: LoadReport): string {
  if (datagrams.lost === 0) return '0';
  const late = answers.late === 0 ? '' : `, ${formatCount(answers.late)} answered later`;
  return `${formatCount(datagrams.lost)} (${percent(lossRatio)} of sent: no answer within ${formatMicroseconds(timeoutMs * 1000)}${late})`;
}

function extra({ answers: { duplicates, late, corrupt, unknown }, refusals, kernelDropped }: LoadReport): Readonly<Record<string, number>> {
  return { duplicates, late, corrupt, 'of unknown datagrams': unknown, 'dropped by this machine': kernelDropped, refusals };
}

const COLUMNS: readonly (readonly [string, keyof LatencySummary])[] = [
  ['min', 'minUs'],
  ['mean', 'meanUs'],
  ['p50', 'p50Us'],
  ['p90', 'p90Us'],
  ['p99', 'p99Us'],
  ['p99.9', 'p999Us'],
  ['max', 'maxUs'],
];

function roundTripRows(roundTrip: LatencySummary): readonly (readonly [string, string])[] {
  return [
    ['round trip', columns(COLUMNS.map(([heading]) => heading))],
    ['', columns(COLUMNS.map(([, key]) => formatMicroseconds(roundTrip[key])))],
  ];
}

function columns(cells: readonly string[]): string {
  return cells
    .map((cell) => cell.padEnd(9))
    .join('')
    .trimEnd();
}
