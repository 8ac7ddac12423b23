// The benchmark: `pnpm --filter udp-multi bench`, with --quick and --only 'words' for development. Linux.
import { runBenchmark } from '@socklab/bench';
import { contenders } from './contenders.ts';
import { CELLS, FULL, QUICK, describe, measureAll } from './matrix.ts';
import { report } from './report.ts';
import type { BenchmarkArguments } from '@socklab/bench';

const HELP = `bench [--quick] [--only 'words'] [--contenders a,b]

  --quick       one short round instead of three; writes no file
  --only        cells that are all of this: '64 sockets, 512 B, closed', 'fan-out'; writes no file
  --contenders  only these; writes no file
`;

await runBenchmark({ help: HELP, results: new URL('RESULTS.md', import.meta.url), run: benchmark });

async function benchmark({ isQuick, only, contenders: wanted, folder, load }: BenchmarkArguments): Promise<string> {
  const effort = isQuick ? QUICK : FULL;
  const { echo, fanout, absent } = await contenders(folder);
  const isWanted = ({ name }: { readonly name: string }): boolean => wanted.length === 0 || wanted.includes(name);
  const cells = CELLS.filter((cell) => only.every((part) => describe(cell).split(', ').includes(part)));
  const samples = await measureAll(cells, { echo: echo.filter(isWanted), fanout: fanout.filter(isWanted) }, effort);
  return report(samples, { load, effort, absent });
}
