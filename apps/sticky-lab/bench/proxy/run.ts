// The benchmark of the proxy: `pnpm --filter sticky-lab bench`, with --quick and --only for development. Linux.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeLoad, describeMachine } from '@socklab/testkit';
import { buildTools, ours, relays, slicer } from './contenders.ts';
import { DEPTHS, measurePass } from './pass.ts';
import { BARE, report } from './report.ts';
import { measureBareSend, measureSplit, PIECES } from './split.ts';
import type { Contender, Tools } from './contenders.ts';
import type { Effort } from './effort.ts';
import type { Measured } from './report.ts';

const FULL: Effort = { rounds: 5, warmupMs: 500, durationMs: 1500, pieces: 400_000 };
const QUICK: Effort = { rounds: 1, warmupMs: 400, durationMs: 700, pieces: 150_000 };

const HELP = `bench [--quick] [--only pass|split]

  --quick  one short round instead of five; writes no file
  --only   one half of it; writes no file
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await benchmark();

async function benchmark(): Promise<void> {
  const effort = values.quick ? QUICK : FULL;
  const load = describeLoad();
  const folder = await mkdtemp(join(tmpdir(), 'sticky-lab-bench-'));
  try {
    const tools = await buildTools(folder);
    const { present, absent } = await relays(folder);
    const text = report(
      {
        pass: values.only === 'split' ? new Map() : await passSamples(present, tools, effort),
        split: values.only === 'pass' ? new Map() : await splitSamples(folder, tools, effort),
        absent,
      },
      {
        machine: describeMachine(),
        load,
        effort,
      },
    );
    process.stdout.write(text);
    if (!values.quick && values.only === '') await writeFile(new URL('RESULTS.md', import.meta.url), text);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function passSamples(contenders: readonly Contender[], tools: Tools, effort: Effort): Promise<Measured['pass']> {
  return inTurns(DEPTHS, contenders, effort.rounds, (depth, contender) => measurePass(contender, depth, tools, effort));
}

async function splitSamples(folder: string, tools: Tools, effort: Effort): Promise<Measured['split']> {
  const names = [{ name: BARE }, { name: 'c slicer' }, { name: 'sticky-lab' }];
  return inTurns(PIECES, names, effort.rounds, async (piece, { name }) => {
    if (name === BARE) return measureBareSend(piece, tools, effort);
    return measureSplit(name === 'sticky-lab' ? ours(`bytes:${piece}`) : await slicer(folder, piece), piece, tools, effort);
  });
}

async function inTurns<Who extends { readonly name: string }, Sample>(
  cells: readonly number[],
  contenders: readonly Who[],
  rounds: number,
  measure: (cell: number, contender: Who) => Promise<Sample>,
): Promise<ReadonlyMap<number, ReadonlyMap<string, readonly Sample[]>>> {
  const samples = new Map(cells.map((cell) => [cell, new Map(contenders.map(({ name }) => [name, [] as Sample[]]))]));
  for (let round = 1; round <= rounds; round++) {
    for (const cell of cells) {
      process.stderr.write(`round ${round} of ${rounds}: ${cell}\n`);
      for (const contender of contenders)
        samples
          .get(cell)!
          .get(contender.name)!
          .push(await measure(cell, contender));
    }
  }
  return samples;
}
