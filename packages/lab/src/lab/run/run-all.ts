import { runExperiment } from './runner.ts';
import type { Experiment } from '../experiment.ts';
import type { Machine, RunOptions, RunReport } from './runner.ts';

/** Result of several experiments. Plain JSON. */
export interface LabReport {
  readonly machine: Machine;
  /** When the first of them started, ISO 8601, UTC. */
  readonly startedAt: string;
  /** Whether every experiment ran and gave the expected answer. */
  readonly isAsExpected: boolean;
  readonly experiments: readonly RunReport[];
}

/** Options of {@link runAll}. */
export interface RunAllOptions extends RunOptions {
  /** Called after each run. */
  readonly onRun?: (report: RunReport) => void;
}

/**
 * Runs experiments one after the other, so that they do not disturb each other.
 *
 * @throws LabError `LAB_ERR_PARAMETER`, or the reason of the signal when it aborts.
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
