import { formatCount, formatMicroseconds, threeDigits } from '@socklab/service';
import type { LatencySummary } from '@socklab/service';
import type { LoadReport } from './load-report.ts';

/** The report of a load for people, as lines that end in a newline. */
export function loadTable(report: LoadReport): string {
  const { connections, messages, latency } = report;
  const rows: readonly (readonly [string, string])[] = [
    [
      'connections',
      amended(formatCount(connections.requested), { 'not opened': connections.requested - connections.opened, lost: connections.lost }),
    ],
    ['messages', amended(formatCount(messages.answered), { unanswered: messages.unanswered, 'never sent': messages.unsent })],
    ['bytes', `${formatCount(report.payloadBytes)} (${sizes(report)})`],
    ['duration', formatMicroseconds(report.durationSeconds * 1e6)],
    ['messages/s', threeDigits(report.messagesPerSecond)],
    ['MiB/s', threeDigits(report.mebibytesPerSecond)],
    ...(latency === null ? [] : latencyRows(latency)),
    ['errors', errors(report)],
  ];
  return rows.map(([name, text]) => `${name.padEnd(13)}${text}\n`).join('');
}

/** A count, and what is missing from it. */
function amended(count: string, missing: Readonly<Record<string, number>>): string {
  const parts = Object.entries(missing).filter(([, each]) => each > 0);
  return parts.length === 0 ? count : `${count} (${parts.map(([name, each]) => `${formatCount(each)} ${name}`).join(', ')})`;
}

function sizes({ sizeBytes: { min, max }, messages: { answered }, payloadBytes }: LoadReport): string {
  if (answered === 0) return `${formatCount(min)}${min === max ? '' : ` to ${formatCount(max)}`} each`;
  // Where payloads are whole frames of a protocol their sizes are their own.
  return `${payloadBytes === answered * min ? formatCount(min) : `${threeDigits(payloadBytes / answered)} on average`} each`;
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

function latencyRows(latency: LatencySummary): readonly (readonly [string, string])[] {
  return [
    ['latency', columns(COLUMNS.map(([heading]) => heading))],
    ['', columns(COLUMNS.map(([, key]) => formatMicroseconds(latency[key])))],
  ];
}

function columns(cells: readonly string[]): string {
  return cells
    .map((cell) => cell.padEnd(9))
    .join('')
    .trimEnd();
}

function errors({ errors: counts }: LoadReport): string {
  const seen = Object.entries(counts).filter(([, count]) => count > 0);
  return seen.length === 0 ? 'none' : seen.map(([kind, count]) => `${kind} ${formatCount(count)}`).join(', ');
}
