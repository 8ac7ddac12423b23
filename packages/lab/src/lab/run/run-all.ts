import { runExperiment } from './runner.ts';
import type { Experiment } from '../experiment.ts';
import type { Machine, RunOptions, RunReport } from './runner.ts';

/** What a run of several experiments gave. Plain JSON. */
export interface LabReport {
  readonly machine: Machine;
  /** When the first of them started, ISO 8601, UTC. */
  readonly startedAt: string;
  /** Whether each ran and gave the answer that is expected. */
  readonly isAsExpected: boolean;
  readonly experiments: readonly RunReport[];
}

/** Options of {@link runAll}. */
export interface RunAllOptions extends RunOptions {
  /** Called after each run. */
  readonly onRun?: (report: RunReport) => void;
}

/**
 * Runs experiments one after the other: each has the machine for itself.
 *
 * @throws LabError `LAB_ERR_PARAMETER`, and the signal's reason once it aborts.
 */
export async function runAll(experiments: readonly Experiment[], options: RunAllOptions): Promise<LabReport> {
  const { machine, signal, onRun } = options;
  const startedAt = new Date().toISOString();
  const runs: RunReport[] = [];
  for (const experiment of experiments) {
    signal?.throwIfAborted();
    const run = await runExperiment(experiment, options);
    signal?.throwIfAborted();
    runs.push(run);
    onRun?.(run);
  }
  return { machine, startedAt, isAsExpected: runs.every(({ outcome }) => outcome === 'expected'), experiments: runs };
}
