import { inTurns, runInProcess, startListening } from '@socklab/bench';
import type { Contender, Contenders } from './contenders.ts';
import type { FanoutJob } from './fanout-load.ts';
import type { LoadJob } from './load.ts';
import type { Sample } from './sample.ts';
import type { Samples } from '@socklab/bench';

/** One combination of settings, measured for all contenders. */
export interface Cell {
  readonly kind: 'closed' | 'open' | 'fan-out';
  readonly sockets: number;
  readonly sizeBytes: number;
}

/** How much to measure. */
export interface Effort {
  readonly rounds: number;
  readonly warmupMs: number;
  readonly durationMs: number;
}

// Progress is reported five times a second, and each report is a mark: the counted part begins and ends at marks.
export const FULL: Effort = { rounds: 3, warmupMs: 500, durationMs: 1100 };
export const QUICK: Effort = { rounds: 1, warmupMs: 300, durationMs: 900 };

/** Datagrams per second of the open loop: below what the slowest contender can do on one core. */
export const OPEN_RATE_PER_SECOND = 10_000;

const SOCKETS = [1, 64, 1000];
const SIZES = [64, 512, 1400];

/** All cells, in the order of the report. */
export const CELLS: readonly Cell[] = [
  ...(['closed', 'open'] as const).flatMap((kind) =>
    SOCKETS.flatMap((sockets) => SIZES.map((sizeBytes) => ({ kind, sockets, sizeBytes }))),
  ),
  { kind: 'fan-out', sockets: 1000, sizeBytes: 64 },
];

/** Measures each cell with each contender in turn, once a round; each sample has its own server and client. */
export function measureAll(
  cells: readonly Cell[],
  contenders: Pick<Contenders, 'echo' | 'fanout'>,
  effort: Effort,
): Promise<Samples<Cell, Sample>> {
  return inTurns({
    cells,
    rounds: effort.rounds,
    contenders: (cell) => takingPart(cell, contenders),
    describe,
    measure: (cell, contender) => measure(cell, contender, effort),
  });
}

/** `64 sockets, 512 B, closed` */
export function describe({ kind, sockets, sizeBytes }: Cell): string {
  return `${sockets} ${sockets === 1 ? 'socket' : 'sockets'}, ${sizeBytes} B, ${kind}`;
}

function takingPart({ kind, sockets }: Cell, { echo, fanout }: Pick<Contenders, 'echo' | 'fanout'>): readonly Contender[] {
  if (kind === 'fan-out') return fanout;
  return echo.filter(({ isForOne = false }) => !isForOne || (sockets === 1 && kind === 'closed'));
}

async function measure(cell: Cell, contender: Contender, effort: Effort): Promise<Sample> {
  await using server = await startListening(contender.command);
  const { kind, sockets, sizeBytes } = cell;
  const { warmupMs, durationMs } = effort;
  const job = { port: server.port, pid: server.pid, sizeBytes, warmupMs, durationMs };
  const isRoom = contender.name === 'udp-multi';
  const [client, told]: [string, LoadJob | FanoutJob] =
    kind === 'fan-out'
      ? ['fanout-load.ts', { ...job, peers: sockets, isRoom }]
      : ['load.ts', { ...job, sockets, ...(kind === 'open' ? { ratePerSecond: OPEN_RATE_PER_SECOND } : {}) }];
  try {
    return await runInProcess<Sample>(new URL(client, import.meta.url), told);
  } catch (error) {
    throw new Error(`${contender.name}, ${describe(cell)}: the load failed`, { cause: error });
  }
}
