// The benchmark of the proxy: `pnpm --filter sticky-lab bench`, with --quick and --only for development. Linux.
import { inTurns, runBenchmark } from '@socklab/bench';
import { buildTools, ours, relays, slicer } from './contenders.ts';
import { DEPTHS, measurePass } from './pass.ts';
import { BARE, report } from './report.ts';
import { measureBareSend, measureSplit, PIECES } from './split.ts';
import type { Contender, Tools } from './contenders.ts';
import type { Effort } from './effort.ts';
import type { Measured } from './report.ts';
import type { BenchmarkArguments } from '@socklab/bench';

const FULL: Effort = { rounds: 5, warmupMs: 500, durationMs: 1500, pieces: 400_000 };
const QUICK: Effort = { rounds: 1, warmupMs: 400, durationMs: 700, pieces: 150_000 };

const HELP = `bench [--quick] [--only pass|split]

  --quick  one short round instead of five; writes no file
  --only   one half of it; writes no file
`;

await runBenchmark({ help: HELP, results: new URL('RESULTS.md', import.meta.url), run: benchmark });

async function benchmark({ isQuick, only: [only], folder, load }: BenchmarkArguments): Promise<string> {
  const effort = isQuick ? QUICK : FULL;
  const tools = await buildTools(folder);
  const { present, absent } = await relays(folder);
  const pass = only === 'split' ? new Map() : await passSamples(present, tools, effort);
  const split = only === 'pass' ? new Map() : await splitSamples(folder, tools, effort);
  return report({ pass, split, absent }, { load, effort });
}

function passSamples(contenders: readonly Contender[], tools: Tools, effort: Effort): Promise<Measured['pass']> {
  return inTurns({
    cells: DEPTHS,
    rounds: effort.rounds,
    contenders: () => contenders,
    describe: (depth) => `depth ${depth}`,
    measure: (depth, contender) => measurePass(contender, depth, tools, effort),
  });
}

function splitSamples(folder: string, tools: Tools, effort: Effort): Promise<Measured['split']> {
  return inTurns({
    cells: PIECES,
    rounds: effort.rounds,
    contenders: () => [{ name: BARE }, { name: 'c slicer' }, { name: 'sticky-lab' }],
    describe: (piece) => `pieces of ${piece} B`,
    measure: async (piece, { name }) => {
      if (name === BARE) return measureBareSend(piece, tools, effort);
      return measureSplit(name === 'sticky-lab' ? ours(`bytes:${piece}`) : await slicer(folder, piece), piece, tools, effort);
    },
  });
}
