import { foreignServers } from './foreign.ts';
import { measureIdle } from './idle.ts';
import { measure } from './measure.ts';
import { SERVERS } from './servers/index.ts';
import type { ForeignServer } from './foreign.ts';
import type { IdleSample } from './idle.ts';
import type { EchoCell, EchoSample } from './measure.ts';
import type { EchoServer } from './server.ts';
import type { Absent } from '@socklab/bench';

/** What to measure, and how often. */
export interface EchoEffort {
  readonly servers: readonly EchoServer[];
  /** Whether servers in other languages take part, where many messages are under way. */
  readonly hasForeign: boolean;
  readonly connections: readonly number[];
  readonly payloadBytes: readonly number[];
  readonly depths: readonly number[];
  /** How often where many messages are under way; with one, all cost the same, and once tells. */
  readonly rounds: number;
  readonly milliseconds: number;
  /** Connections that are idle; 0 leaves that out. */
  readonly idleConnections: number;
}

export const FULL_ECHO: EchoEffort = {
  servers: SERVERS,
  hasForeign: true,
  connections: [1, 64, 1000],
  payloadBytes: [64, 1024, 65_536],
  depths: [1, 32],
  rounds: 3,
  milliseconds: 200,
  idleConnections: 5000,
};

/** At most this many bytes of the largest frames are in flight. */
const MAX_UNDER_WAY_BYTES = 2 ** 27;

/** The results: a list for each cell and server. */
export interface EchoResults {
  readonly samples: ReadonlyMap<EchoCell, ReadonlyMap<string, readonly EchoSample[]>>;
  readonly idle: ReadonlyMap<string, IdleSample>;
  readonly foreign: readonly ForeignServer[];
  /** What could not take part. */
  readonly absent: readonly Absent[];
  readonly failures: readonly string[];
}

/** Measures cell after cell; within one, the servers take turns, so that a slow minute of the machine affects all of them. */
export async function measureEcho(effort: EchoEffort, progress: (line: string) => void): Promise<EchoResults> {
  const samples = new Map<EchoCell, ReadonlyMap<string, EchoSample[]>>();
  const idle = new Map<string, IdleSample>();
  const failures: string[] = [];
  const { present: foreign, absent } = effort.hasForeign ? await foreignServers() : { present: [], absent: [] };
  const attempt = async (what: string, action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      failures.push(`${what}: ${String(error)}`);
    }
  };
  for (const cell of cellsOf(effort)) {
    progress(`echo: ${cell.connections} connections, ${cell.payloadBytes} B, ${cell.depth} under way\n`);
    // With one message under way the write is all that counts, and all cost the same.
    const servers = [...effort.servers, ...(cell.depth > 1 ? foreign : [])];
    const byName = new Map(servers.map(({ name }) => [name, [] as EchoSample[]]));
    samples.set(cell, byName);
    for (let round = 0; round < (cell.depth > 1 ? effort.rounds : 1); round++) {
      for (const server of servers) {
        await attempt(`${server.name} ${JSON.stringify(cell)}`, async () => {
          byName.get(server.name)!.push(await measure(server, cell, effort.milliseconds));
        });
      }
    }
  }
  for (const server of effort.idleConnections > 0 ? effort.servers : []) {
    progress(`idle: ${server.name}\n`);
    await attempt(`${server.name}, idle`, async () => void idle.set(server.name, await measureIdle(server, effort.idleConnections)));
  }
  return { samples, idle, foreign, absent, failures };
}

function cellsOf({ connections, payloadBytes, depths }: EchoEffort): readonly EchoCell[] {
  return connections
    .flatMap((count) =>
      depths.flatMap((depth) => payloadBytes.map((bytes): EchoCell => ({ connections: count, payloadBytes: bytes, depth }))),
    )
    .filter((cell) => cell.connections * cell.depth * cell.payloadBytes <= MAX_UNDER_WAY_BYTES);
}
