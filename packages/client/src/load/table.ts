import { formatMicroseconds } from './percentiles.ts';
import { formatCount } from './units.ts';
import type { LatencySummary } from './percentiles.ts';

/** A row of the report: its name and value. */
export type LoadRow = readonly [name: string, text: string];

/** A report for people, as lines that end in a newline. */
export function formatLoadRows(rows: readonly LoadRow[]): string {
  return rows.map(([name, text]) => `${name.padEnd(13)}${text}\n`).join('');
}

/** A count with its non-zero parts: `1,000 (3 lost, 1 late)`. */
export function amendedCount(count: number, parts: Readonly<Record<string, number>>): string {
  const there = Object.entries(parts).filter(([, each]) => each > 0);
  const text = there.map(([name, each]) => `${formatCount(each)} ${name}`).join(', ');
  return text === '' ? formatCount(count) : `${formatCount(count)} (${text})`;
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

/** Durations as two rows: one of headings and one of values. */
export function latencyRows(name: string, latency: LatencySummary): readonly LoadRow[] {
  return [
    [name, columns(COLUMNS.map(([heading]) => heading))],
    ['', columns(COLUMNS.map(([, key]) => formatMicroseconds(latency[key])))],
  ];
}

function columns(cells: readonly string[]): string {
  return cells
    .map((cell) => cell.padEnd(9))
    .join('')
    .trimEnd();
}
