import { CELLS, framesOf } from './cells.ts';
import { CONTENDERS } from './contenders/index.ts';
import { nameOf } from './job.ts';
import { runJob } from './processes.ts';
import { Results, summarize } from './report/results.ts';
import type { Cell } from './cells.ts';
import type { Contender } from './contender.ts';
import type { Job } from './job.ts';
import type { Result } from './report/results.ts';

/** How long and how often to measure. */
export interface Effort {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** A verifying run that takes longer is ended, and retried with fewer frames. */
  readonly capMs: number;
}

export const FULL: Effort = { rounds: 3, warmUpMs: 200, measureMs: 80, capMs: 5000 };
export const QUICK: Effort = { rounds: 1, warmUpMs: 40, measureMs: 60, capMs: 3000 };

/** A contender whose single run is longer than this gets fewer frames. */
const LONGEST_RUN_MS = 150;

/** So that nothing is collected during the count. */
const ALLOCATING_FREELY = ['--min-semi-space-size=64'];

/** The given contenders in the given cell. */
export interface Pairing {
  readonly cell: Cell;
  readonly contenders: readonly Contender[];
}

/** The cells and contenders that have every word of `filter`: a part of a contender's name, or exactly the task, size or chunking. */
export function select(filter: string): readonly Pairing[] {
  const words = filter.split(/[\s/]+/).filter((word) => word !== '');
  return CELLS.map((cell) => {
    const wanted = ({ name, task, group }: Contender): boolean =>
      task === cell.task &&
      (cell.only ?? group) === group &&
      words.every((word) => name.includes(word) || nameOf(cell).split('/').includes(word));
    return { cell, contenders: CONTENDERS.filter(wanted) };
  }).filter(({ contenders }) => contenders.length > 0);
}

/** Measures cell after cell; within one, the contenders take turns, so that a slow minute of the machine affects all of them. */
export async function measureAll(pairings: readonly Pairing[], effort: Effort, progress: (line: string) => void): Promise<Results> {
  const results = new Results();
  for (const { cell, contenders } of pairings) {
    progress(`${nameOf(cell)}: ${contenders.length} contenders\n`);
    const ready: Entry[] = [];
    for (const contender of contenders) {
      const prepared = await prepare(cell, contender, effort);
      if ('kind' in prepared) results.set(cell, contender, prepared);
      else ready.push({ contender, ...prepared, seen: [] });
    }
    for (let round = 0; round < effort.rounds; round++) await measureRound(ready, effort);
    for (const { contender, job, bytesPerFrame, seen, failure } of ready) {
      results.set(cell, contender, failure ?? summarize(seen, job.frames, bytesPerFrame));
    }
  }
  return results;
}

/** A verified contender. */
interface Prepared {
  readonly job: Job;
  readonly bytesPerFrame: number | undefined;
}

interface Entry extends Prepared {
  readonly contender: Contender;
  readonly seen: number[];
  failure?: Result;
}

async function measureRound(entries: readonly Entry[], { capMs }: Effort): Promise<void> {
  for (const entry of entries) {
    const outcome = await runJob(entry.job, 6 * capMs);
    if (outcome?.ok === true) entry.seen.push(outcome.nsPerFrame);
    else entry.failure = { kind: 'failed', message: outcome?.message ?? 'verified in time, but not measured in time' };
  }
}

/** Verifies a contender in a cell and decides how many frames it gets there; a result when there is nothing to measure. */
async function prepare(cell: Cell, { name }: Contender, { warmUpMs, measureMs, capMs }: Effort): Promise<Prepared | Result> {
  const job = (frames: number, mode: Job['mode']): Job => ({ contender: name, cell: nameOf(cell), frames, mode, warmUpMs, measureMs });
  for (let frames = framesOf(cell); ; frames = Math.max(1, frames >> 4)) {
    const outcome = await runJob(job(frames, 'verify'), capMs, ALLOCATING_FREELY);
    if (outcome === undefined) {
      if (frames === 1) return { kind: 'over', msPerFrame: capMs };
      continue;
    }
    if (!outcome.ok) return { kind: 'failed', message: outcome.message };
    const fitting = Math.floor((LONGEST_RUN_MS * 1e6) / outcome.nsPerFrame);
    return { job: job(Math.max(1, Math.min(frames, fitting)), 'time'), bytesPerFrame: outcome.bytesPerFrame };
  }
}
