import { circumstances, markdownTable, spread } from '@socklab/bench';
import { describe, OPEN_RATE_PER_SECOND } from './matrix.ts';
import { targets } from './targets.ts';
import type { Cell, Effort } from './matrix.ts';
import type { Sample } from './sample.ts';
import type { Absent, Samples } from '@socklab/bench';

/** The conditions of the measurement. */
export interface Circumstances {
  readonly load: string;
  readonly effort: Effort;
  readonly absent: readonly Absent[];
}

/** The report, as Markdown. */
export function report(samples: Samples<Cell, Sample>, how: Circumstances): string {
  return `${[introduction(how), targets(samples), ...TABLES.map((shown) => table(samples, shown))].join('\n\n')}\n`;
}

function introduction({ absent, load, effort }: Circumstances): string {
  return [
    '# Results',
    '',
    `Written by \`pnpm --filter udp-multi bench\`. Each figure is the median (smallest–largest) of ${effort.rounds} samples, the contenders in turns; each sample has`,
    `a server and a client (\`udp-multi call\`, which checks every byte) in processes of their own, at least ${effort.warmupMs} ms and 30,000 datagrams of warming up, and ${effort.durationMs} ms that count.`,
    'What matters is the processor time of the server for one datagram, from the operating system: on two cores the client',
    'hides the rest. udp-multi runs with all safety and metrics on, for sources that prove nothing; the rate limits are raised,',
    'not off. Every contender but socat asks for a receive buffer of 4 MiB. Only ratios travel between machines.',
    '',
    `Closed: each socket has one datagram in flight. Open: ${OPEN_RATE_PER_SECOND} datagrams a second over all sockets. Fan-out: one peer of a room`,
    'says something, all others get a copy; then the next; a datagram is one copy.',
    '',
    ...circumstances(load, absent),
  ].join('\n');
}

interface Shown {
  readonly title: string;
  readonly of: (sample: Sample) => number | null;
  readonly show: (value: number) => string;
}

const microseconds = (nanoseconds: number): string => (nanoseconds / 1000).toFixed(nanoseconds < 10_000 ? 2 : 1);

const TABLES: readonly Shown[] = [
  { title: 'Processor time of the server, µs a datagram', of: (sample) => sample.serverNanosecondsPerDatagram, show: microseconds },
  { title: 'Datagrams answered a second', of: (sample) => sample.datagramsPerSecond, show: (value) => `${(value / 1000).toFixed(1)}k` },
  { title: 'Datagrams lost in the run', of: (sample) => sample.lost, show: String },
  { title: 'Round trip p50, µs', of: (sample) => sample.p50Us, show: (value) => value.toFixed(0) },
  { title: 'Round trip p99, µs', of: (sample) => sample.p99Us, show: (value) => value.toFixed(0) },
  {
    title: 'Memory of the server after the run, MiB resident',
    of: (sample) => sample.serverResidentBytes,
    show: (value) => (value / 2 ** 20).toFixed(0),
  },
];

function table(samples: Samples<Cell, Sample>, { title, of, show }: Shown): string {
  const names = [...new Set([...samples.values()].flatMap((byName) => [...byName.keys()]))];
  const rows = [...samples].map(([cell, byName]) => [
    describe(cell),
    ...names.map((name) => {
      const values = (byName.get(name) ?? []).map(of);
      return spread(
        values.filter((value) => value !== null),
        show,
      );
    }),
  ]);
  return `## ${title}\n\n${markdownTable(['', ...names.map((name) => `\`${name}\``)], rows)}`;
}
