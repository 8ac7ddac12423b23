import { circumstances, markdownTable, median, ratio, spread } from '@socklab/bench';
import type { Effort } from './effort.ts';
import type { PassSample } from './pass.ts';
import type { SplitSample } from './split.ts';
import type { Absent, Samples } from '@socklab/bench';

/** Samples by what was measured, and by contender. */
export interface Measured {
  readonly pass: Samples<number, PassSample>;
  readonly split: Samples<number, SplitSample>;
  readonly absent: readonly Absent[];
}

/** The conditions of the measurement. */
export interface Circumstances {
  readonly load: string;
  readonly effort: Effort;
}

/** The reference of all comparisons. */
const RELAY = 'c';
export const BARE = 'bare send() in C';

/** The report, as Markdown. */
export function report({ pass, split, absent }: Measured, { load, effort }: Circumstances): string {
  const lines = [
    '# Results of the proxy',
    '',
    'Written by `pnpm --filter sticky-lab bench`. Medians (smallest–largest), the contenders in turns, each sample with processes of its own.',
    `The proxy runs as it ships, with its limits, metrics and admin endpoint. ${effort.rounds} rounds of ${effort.durationMs} ms, and of ${effort.pieces} pieces.`,
    'Only ratios travel between machines; on a machine that is busy with something else, only processor time does.',
    '',
    ...circumstances(load, absent),
    '',
    '## Passing on: 64 connections × 1 KiB, plan `pass`',
    '',
    'Sought: at least 0.75 × the messages a second of the relay in C.',
    '',
    markdownTable(['depth', 'relay', 'messages a second', '× c', 'µs of processor a message', '× c'], passRows(pass)),
    '',
    '## Splitting, pace `none`',
    '',
    'Sought: at least 0.85 × the pieces a second of one bare send() a piece.',
    '',
    markdownTable(['piece', 'who', 'ns a piece', '× bare', 'ns of processor a piece', '× bare'], splitRows(split)),
  ];
  return `${lines.join('\n')}\n`;
}

const whole = (value: number): string => value.toFixed(0);
const twoDigits = (value: number): string => value.toFixed(2);

function passRows(pass: Measured['pass']): readonly (readonly string[])[] {
  return [...pass].flatMap(([depth, byName]) => {
    const rate = (name: string) => (byName.get(name) ?? []).map(({ messagesPerSecond }) => messagesPerSecond);
    const cost = (name: string) => (byName.get(name) ?? []).map(({ relayNanosecondsPerMessage }) => relayNanosecondsPerMessage / 1000);
    return [...byName.keys()].map((name) => [
      String(depth),
      name,
      spread(rate(name), whole),
      ratio(median(rate(name)), median(rate(RELAY))),
      spread(cost(name), twoDigits),
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
      spread(wall(name), whole),
      ratio(median(wall(BARE)), median(wall(name))),
      spread(cost(name), whole),
      ratio(median(cost(BARE)), median(cost(name))),
    ]);
  });
}
