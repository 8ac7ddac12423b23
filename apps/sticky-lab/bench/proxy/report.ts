import type { Absent } from './contenders.ts';
import type { Effort } from './effort.ts';
import type { PassSample } from './pass.ts';
import type { SplitSample } from './split.ts';

/** Samples by what was measured, and by contender. */
export interface Measured {
  readonly pass: ReadonlyMap<number, ReadonlyMap<string, readonly PassSample[]>>;
  readonly split: ReadonlyMap<number, ReadonlyMap<string, readonly SplitSample[]>>;
  readonly absent: readonly Absent[];
}

/** Where and how. */
export interface Circumstances {
  readonly machine: string;
  readonly load: string;
  readonly effort: Effort;
}

/** What everything is compared with. */
const RELAY = 'c';
export const BARE = 'bare send() in C';

/** The report, as Markdown. */
export function report({ pass, split, absent }: Measured, { machine, load, effort }: Circumstances): string {
  const lines = [
    '# Results of the proxy',
    '',
    'Written by `pnpm --filter sticky-lab bench`. Medians (smallest–largest), the contenders in turns, each sample with processes of its own.',
    `The proxy runs as it ships, with its limits, metrics and admin endpoint. ${effort.rounds} rounds of ${effort.durationMs} ms, and of ${effort.pieces} pieces.`,
    'Only ratios travel between machines; on a machine that is busy with something else, only processor time does.',
    '',
    `- Machine: ${machine}`,
    `- Load average before the run: ${load}`,
    `- Node ${process.versions.node}`,
    ...absent.map(({ name, reason }) => `- Not here: ${name} (${reason})`),
    '',
    '## Passing on: 64 connections × 1 KiB, plan `pass`',
    '',
    'Sought: at least 0.75 × the messages a second of the relay in C.',
    '',
    table(['depth', 'relay', 'messages a second', '× c', 'µs of processor a message', '× c'], passRows(pass)),
    '',
    '## Splitting, pace `none`',
    '',
    'Sought: at least 0.85 × the pieces a second of one bare send() a piece.',
    '',
    table(['piece', 'who', 'ns a piece', '× bare', 'ns of processor a piece', '× bare'], splitRows(split)),
  ];
  return `${lines.join('\n')}\n`;
}

function passRows(pass: Measured['pass']): readonly (readonly string[])[] {
  return [...pass].flatMap(([depth, byName]) => {
    const rate = (name: string) => (byName.get(name) ?? []).map(({ messagesPerSecond }) => messagesPerSecond);
    const cost = (name: string) => (byName.get(name) ?? []).map(({ relayNanosecondsPerMessage }) => relayNanosecondsPerMessage / 1000);
    return [...byName.keys()].map((name) => [
      String(depth),
      name,
      spread(rate(name), 0),
      ratio(median(rate(name)), median(rate(RELAY))),
      spread(cost(name), 2),
      ratio(median(cost(RELAY)), median(cost(name))),
    ]);
  });
}

function splitRows(split: Measured['split']): readonly (readonly string[])[] {
  return [...split].flatMap(([piece, byName]) => {
    const wall = (name: string) => (byName.get(name) ?? []).map(({ wallNanoseconds }) => wallNanoseconds);
    const cost = (name: string) => (byName.get(name) ?? []).map(({ senderNanoseconds }) => senderNanoseconds);
    return [...byName.keys()].map((name) => [
      `${piece} B`,
      name,
      spread(wall(name), 0),
      ratio(median(wall(BARE)), median(wall(name))),
      spread(cost(name), 0),
      ratio(median(cost(BARE)), median(cost(name))),
    ]);
  });
}

function ratio(one: number, other: number): string {
  return Number.isFinite(one / other) ? (one / other).toFixed(2) : '–';
}

function spread(values: readonly number[], digits: number): string {
  if (values.length === 0 || values.some(Number.isNaN)) return '–';
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)].map((value) => value.toFixed(digits));
  return `${middle} (${low}–${high})`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
