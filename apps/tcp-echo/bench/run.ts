// The benchmark: `pnpm --filter tcp-echo bench`, with --quick and --only 'words' for development. Linux.
import { runBenchmark } from '@socklab/bench';
import { contenders } from './contenders.ts';
import { idleBytesPerConnection } from './idle.ts';
import { CELLS, FULL, QUICK, describe, measureAll } from './matrix.ts';
import { report } from './report.ts';
import type { BenchmarkArguments } from '@socklab/bench';

const HELP = `bench [--quick] [--only 'words'] [--contenders a,b]

  --quick       one short round instead of five; writes no file
  --only        cells that are all of this: '64 connections, 1024 B, depth 32'; writes no file
  --contenders  only these; writes no file
`;

const IDLE_CONNECTIONS = 10_000;

await runBenchmark({ help: HELP, results: new URL('RESULTS.md', import.meta.url), run: benchmark });

async function benchmark({ isQuick, only, contenders: wanted, folder, load }: BenchmarkArguments): Promise<string> {
  const effort = isQuick ? QUICK : FULL;
  const { present, absent } = await contenders(folder);
  const chosen = wanted.length === 0 ? present : present.filter(({ name }) => wanted.includes(name));
  const cells = CELLS.filter((cell) => only.every((part) => describe(cell).split(', ').includes(part)));
  const samples = await measureAll(cells, chosen, effort);
  const idle = new Map<string, number>();
  if (only.length === 0) {
    for (const contender of chosen.filter(({ framing }) => framing === 'raw')) {
      idle.set(contender.name, await idleBytesPerConnection(contender, IDLE_CONNECTIONS));
    }
  }
  return report({ samples, idle, contenders: chosen, absent }, { load, effort, idleConnections: IDLE_CONNECTIONS });
}
