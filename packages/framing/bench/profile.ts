import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { framesOf } from './cells.ts';
import { nameOf } from './job.ts';
import { runJob } from './processes.ts';
import type { Pairing } from './matrix.ts';

const SHOWN_FUNCTIONS = 15;
const PROFILED_MS = 2000;
const CAP_MS = 60_000;

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
}

/** Runs each pairing under V8's profiler and prints where the time went, by function; inlined ones count for their caller. */
export async function profile(pairings: readonly Pairing[], print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'framing-bench-'));
  try {
    for (const { cell, contenders } of pairings) {
      for (const { name } of contenders) {
        const job = {
          contender: name,
          cell: nameOf(cell),
          frames: framesOf(cell),
          mode: 'time',
          warmUpMs: 200,
          measureMs: PROFILED_MS,
        } as const;
        const file = `${name}.cpuprofile`;
        const outcome = await runJob(job, CAP_MS, ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${file}`]);
        print(
          `\n${nameOf(cell)} ${name}: ${outcome?.ok === true ? `${outcome.nsPerFrame.toFixed(1)} ns per frame` : (outcome?.message ?? 'not done in time')}\n`,
        );
        if ((await readdir(folder)).includes(file))
          print(topFunctions(JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile));
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function topFunctions({ nodes, samples }: CpuProfile): string {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').at(-1)}:${lineNumber + 1}`,
    ]),
  );
  const counts = new Map<string, number>();
  for (const sample of samples) counts.set(names.get(sample)!, (counts.get(names.get(sample)!) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, SHOWN_FUNCTIONS)
    .map(([name, count]) => `${((100 * count) / samples.length).toFixed(1).padStart(6)} %  ${name}\n`)
    .join('');
}
