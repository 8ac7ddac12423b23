import { inTurns, runInProcess, startListening } from '@socklab/bench';
import type { Contender } from './contenders.ts';
import type { LoadJob, Sample } from './load.ts';
import type { Samples } from '@socklab/bench';

/** One combination of settings, measured for all contenders. */
export interface Cell {
  readonly connections: number;
  readonly sizeBytes: number;
  readonly depth: number;
}

/** How much to measure. */
export interface Effort {
  readonly rounds: number;
  readonly warmupMs: number;
  readonly durationMs: number;
}

export const FULL: Effort = { rounds: 5, warmupMs: 300, durationMs: 500 };
export const QUICK: Effort = { rounds: 1, warmupMs: 300, durationMs: 500 };

const CONNECTIONS = [1, 64, 1000];
const SIZES = [64, 1024, 65_536];
const DEPTHS = [1, 32];

/** More in flight than the kernel has memory for. */
const MAX_IN_FLIGHT_BYTES = 256 * 2 ** 20;

/** With so much in flight a message takes so long that a short run only covers the start. */
const LONG_IN_FLIGHT_BYTES = 16 * 2 ** 20;
const LONGER = 3;

const inFlightBytes = ({ connections, sizeBytes, depth }: Cell): number => connections * sizeBytes * depth;

/** All cells, in the order of the report. */
export const CELLS: readonly Cell[] = DEPTHS.flatMap((depth) =>
  CONNECTIONS.flatMap((connections) => SIZES.map((sizeBytes) => ({ connections, sizeBytes, depth }))),
).filter((cell) => inFlightBytes(cell) <= MAX_IN_FLIGHT_BYTES);

/** Measures each cell with each contender in turn, once a round; each sample has its own server and client. */
export function measureAll(cells: readonly Cell[], contenders: readonly Contender[], effort: Effort): Promise<Samples<Cell, Sample>> {
  return inTurns({
    cells,
    rounds: effort.rounds,
    contenders: ({ depth }) => contenders.filter(({ depths }) => depths === undefined || depths.includes(depth)),
    describe,
    measure: (cell, contender) => measure(cell, contender, effort),
  });
}

/** `64 connections, 1024 B, depth 32` */
export function describe({ connections, sizeBytes, depth }: Cell): string {
  return `${connections} connections, ${sizeBytes} B, depth ${depth}`;
}

async function measure(cell: Cell, contender: Contender, effort: Effort): Promise<Sample> {
  await using server = await startListening(contender.command);
  const times = inFlightBytes(cell) >= LONG_IN_FLIGHT_BYTES ? LONGER : 1;
  const warmupMs = effort.warmupMs * times;
  const durationMs = effort.durationMs * times;
  const job: LoadJob = { ...cell, port: server.port, pid: server.pid, framing: contender.framing, warmupMs, durationMs };
  try {
    return await runInProcess<Sample>(new URL('load.ts', import.meta.url), job);
  } catch (error) {
    throw new Error(`${contender.name}, ${describe(cell)}: the load failed`, { cause: error });
  }
}
