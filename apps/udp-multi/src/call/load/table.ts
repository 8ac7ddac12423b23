import { amendedCount, formatCount, formatLoadRows, formatMicroseconds, latencyRows, threeDigits } from '@socklab/client';
import { percent } from './report.ts';
import type { LoadReport } from './report.ts';
import type { LoadRow } from '@socklab/client';

/** The report of a load for people, as lines that end in a newline. */
export function loadTable(report: LoadReport): string {
  const { datagrams, answers, roundTrip } = report;
  const rows: readonly LoadRow[] = [
    ['sockets', formatCount(report.sockets)],
    ['sent', amendedCount(datagrams.sent, { 'not sent': datagrams.notSent, 'never sent': datagrams.unsent })],
    ['answered', amendedCount(datagrams.answered, { reordered: report.reordered })],
    ['lost', lost(report)],
    ['answers', amendedCount(answers.received, extra(report))],
    ['bytes', `${formatCount(report.sentBytes)} out, ${formatCount(report.answeredBytes)} in`],
    ['duration', formatMicroseconds(report.durationSeconds * 1e6)],
    ['answered/s', threeDigits(report.datagramsPerSecond)],
    ...(roundTrip === null ? [] : latencyRows('round trip', roundTrip)),
  ];
  return formatLoadRows(rows);
}

function lost({ datagrams, lossRatio, timeoutMs, answers }: LoadReport): string {
  if (datagrams.lost === 0) return '0';
  const late = answers.late === 0 ? '' : `, ${formatCount(answers.late)} answered later`;
  return `${formatCount(datagrams.lost)} (${percent(lossRatio)} of sent: no answer within ${formatMicroseconds(timeoutMs * 1000)}${late})`;
}

function extra({ answers: { duplicates, late, corrupt, unknown }, refusals, kernelDropped }: LoadReport): Readonly<Record<string, number>> {
  return { duplicates, late, corrupt, 'of unknown datagrams': unknown, 'dropped by this machine': kernelDropped, refusals };
}
