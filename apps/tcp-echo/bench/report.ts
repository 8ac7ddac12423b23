import { circumstances, markdownTable, median, spread } from '@socklab/bench';
import { describe } from './matrix.ts';
import type { Contender } from './contenders.ts';
import type { Sample } from './load.ts';
import type { Cell, Effort } from './matrix.ts';
import type { Absent, Samples } from '@socklab/bench';

/** What was measured. */
export interface Measured {
  readonly samples: Samples<Cell, Sample>;
  /** Resident bytes of one idle connection, by contender. */
  readonly idle: ReadonlyMap<string, number>;
  readonly contenders: readonly Contender[];
  readonly absent: readonly Absent[];
}

/** The conditions of the measurement. */
export interface Circumstances {
  readonly load: string;
  readonly effort: Effort;
  readonly idleConnections: number;
}

/** The report, as Markdown. */
export function report(measured: Measured, how: Circumstances): string {
  return `${[
    introduction(measured, how),
    targets(measured),
    ...TABLES.map((shown) => table(measured, shown)),
    idleTable(measured, how),
  ].join('\n\n')}\n`;
}

function introduction({ absent }: Measured, { load, effort }: Circumstances): string {
  return [
    '# Results',
    '',
    `Written by \`pnpm --filter tcp-echo bench\`. Each figure is the median (smallest–largest) of ${effort.rounds} samples, the contenders in turns; each sample has`,
    `a server and a client (\`tcp-echo call\`, which checks every byte) in processes of their own, ${effort.warmupMs} ms of warming up and ${effort.durationMs} ms that count.`,
    'What matters is the processor time of the server for one message, from the operating system: on two cores the client',
    'hides the rest. tcp-echo runs as it ships, with all limits and metrics on. Only ratios travel between machines.',
    '',
    ...circumstances(load, absent),
  ].join('\n');
}

interface Target {
  readonly text: string;
  readonly ours: string;
  readonly reference: string;
  readonly allowed: number;
  readonly applies: (cell: Cell) => boolean;
}

const TARGETS: readonly Target[] = [
  {
    text: 'against C with libuv, 1 connection',
    ours: 'tcp-echo',
    reference: 'c-libuv',
    allowed: 1.35,
    applies: ({ connections }) => connections === 1,
  },
  {
    text: 'against C with libuv, 64 connections',
    ours: 'tcp-echo',
    reference: 'c-libuv',
    allowed: 1.35,
    applies: ({ connections }) => connections === 64,
  },
  {
    text: 'against C with libuv, 1,000 connections',
    ours: 'tcp-echo',
    reference: 'c-libuv',
    allowed: 1.55,
    applies: ({ connections }) => connections === 1000,
  },
  { text: 'against bare Node, data → write', ours: 'tcp-echo', reference: 'node-data-write', allowed: 1, applies: () => true },
  {
    text: 'u32be framing against raw with the same client, depth 32',
    ours: 'tcp-echo-u32be',
    reference: 'tcp-echo-raw-u32be',
    allowed: 1.25,
    applies: ({ depth }) => depth === 32,
  },
];

function targets({ samples }: Measured): string {
  const rows = TARGETS.flatMap((target) => {
    const ratios = [...samples]
      .filter(([cell]) => target.applies(cell))
      .map(([cell, byName]) => ({ cell, ratio: cost(byName, target.ours) / cost(byName, target.reference) }))
      .filter(({ ratio }) => Number.isFinite(ratio));
    const worst = ratios.toSorted((a, b) => b.ratio - a.ratio)[0];
    if (worst === undefined) return [];
    const met = ratios.filter(({ ratio }) => ratio <= target.allowed);
    const missed = ratios
      .filter(({ ratio }) => ratio > target.allowed)
      .map(({ cell, ratio }) => `${describe(cell)}: ${ratio.toFixed(2)} ×`);
    return [
      [
        target.text,
        describe(worst.cell),
        `${worst.ratio.toFixed(2)} ×`,
        `${target.allowed.toFixed(2)} ×`,
        `${met.length} of ${ratios.length}`,
        missed.join('; '),
      ],
    ];
  });
  return `## Targets: processor time for a message\n\n${markdownTable(['target', 'worst cell', 'ratio', 'allowed', 'cells met', 'missed'], rows)}`;
}

function cost(byName: ReadonlyMap<string, readonly Sample[]>, name: string): number {
  const samples = byName.get(name);
  return samples === undefined ? Number.NaN : median(samples.map(({ serverNanosecondsPerMessage }) => serverNanosecondsPerMessage));
}

interface Shown {
  readonly title: string;
  readonly of: (sample: Sample) => number;
  readonly show: (value: number) => string;
}

const microseconds = (nanoseconds: number): string => (nanoseconds / 1000).toFixed(nanoseconds < 10_000 ? 2 : 1);

const TABLES: readonly Shown[] = [
  { title: 'Processor time of the server, µs a message', of: (sample) => sample.serverNanosecondsPerMessage, show: microseconds },
  { title: 'Messages a second', of: (sample) => sample.messagesPerSecond, show: (value) => `${(value / 1000).toFixed(1)}k` },
  { title: 'Latency p50, µs', of: (sample) => sample.p50Us, show: (value) => value.toFixed(0) },
  { title: 'Latency p99, µs', of: (sample) => sample.p99Us, show: (value) => value.toFixed(0) },
  {
    title: 'Memory of the server after the run, MiB resident',
    of: (sample) => sample.serverResidentBytes,
    show: (value) => (value / 2 ** 20).toFixed(0),
  },
];

function table({ samples, contenders }: Measured, { title, of, show }: Shown): string {
  const names = contenders.map(({ name }) => name);
  const rows = [...samples].map(([cell, byName]) => [
    describe(cell),
    ...names.map((name) => spread((byName.get(name) ?? []).map(of), show)),
  ]);
  return `## ${title}\n\n${markdownTable(['', ...names.map((name) => `\`${name}\``)], rows)}`;
}

function idleTable({ idle }: Measured, { idleConnections }: Circumstances): string {
  const rows = [...idle].map(([name, bytes]) => [`\`${name}\``, `${(bytes / 1024).toFixed(1)} KiB`]);
  return `## Memory of an idle connection\n\nResident, ${idleConnections} connections that have each had one byte answered. Allowed for tcp-echo: 5 KiB.\n\n${markdownTable(['contender', 'each'], rows)}`;
}
