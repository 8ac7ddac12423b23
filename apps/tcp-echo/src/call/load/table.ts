import { amendedCount, formatCount, formatLoadRows, formatMicroseconds, latencyRows, threeDigits } from '@socklab/client';
import type { LoadReport } from './report.ts';
import type { LoadRow } from '@socklab/client';

/** The report of a load for people, as lines that end in a newline. */
export function loadTable(report: LoadReport): string {
  const { connections, messages, latency } = report;
  const rows: readonly LoadRow[] = [
    [
      'connections',
      amendedCount(connections.requested, { 'not opened': connections.requested - connections.opened, lost: connections.lost }),
    ],
    ['messages', amendedCount(messages.answered, { unanswered: messages.unanswered, 'never sent': messages.unsent })],
    ['bytes', `${formatCount(report.payloadBytes)} (${sizes(report)})`],
    ['duration', formatMicroseconds(report.durationSeconds * 1e6)],
    ['messages/s', threeDigits(report.messagesPerSecond)],
    ['MiB/s', threeDigits(report.mebibytesPerSecond)],
    ...(latency === null ? [] : latencyRows('latency', latency)),
    ['errors', errors(report)],
  ];
  return formatLoadRows(rows);
}

function sizes({ sizeBytes: { min, max }, messages: { answered }, payloadBytes }: LoadReport): string {
  if (answered === 0) return `${formatCount(min)}${min === max ? '' : ` to ${formatCount(max)}`} each`;
  // Payloads that are whole frames of a protocol have sizes of their own.
  return `${payloadBytes === answered * min ? formatCount(min) : `${threeDigits(payloadBytes / answered)} on average`} each`;
}

function errors({ errors: counts }: LoadReport): string {
  const seen = Object.entries(counts).filter(([, count]) => count > 0);
  return seen.length === 0 ? 'none' : seen.map(([kind, count]) => `${kind} ${formatCount(count)}`).join(', ');
}
