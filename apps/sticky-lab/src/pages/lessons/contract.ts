import type { JobStarted } from '../../http/jobs/contract.ts';
import type { ExperimentSummary, LabReport, Machine, RunReport } from '@socklab/lab';

/** The lessons. */
export interface LabRoutes {
  /** What there is to run, in the order of the lessons. */
  'GET /api/lab': { answer: LabDescription };
  /** The run that was made when the service started. */
  'GET /api/experiments': { answer: LabReport };
  'GET /api/experiments/:id': { answer: RunReport };
  /** Runs an experiment: a job of kind `experiment`, whose result is a `RunReport`. */
  'POST /api/experiments/:id/runs': { body: RunRequest; answer: JobStarted };
}

/** What can be run, and where. */
export interface LabDescription {
  readonly machine: Machine;
  readonly experiments: readonly ExperimentSummary[];
}

/** How an experiment is to be run. */
export interface RunRequest {
  /** Values that differ from the defaults. */
  readonly params?: Readonly<Record<string, number>>;
}
