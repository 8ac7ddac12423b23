import { description, number, object, optional, pipe, record, string } from 'valibot';
import { defineRoutes, json } from '../../http/route.ts';
import type { JobStarted } from '../../http/jobs/contract.ts';
import type { LessonCode } from './code/code.ts';
import type { ExperimentSummary, LabReport, Machine, RunReport } from '@socklab/lab';

const RunSchema = object({ params: pipe(optional(record(string(), number())), description('values that differ from the defaults')) });

/** The lessons. */
export const LAB_ROUTES = defineRoutes({
  'GET /api/lab': {
    summary: 'what there is to run, in the order of the lessons',
    answer: json<LabDescription>('the experiments with their questions and parameters, and the machine'),
  },
  'GET /api/experiments': { summary: 'the run that was made when the service started', answer: json<LabReport>('the report') },
  'GET /api/experiments/:id': { summary: 'one experiment of it', answer: json<RunReport>('the report of one experiment') },
  'POST /api/experiments/:id/runs': {
    summary: 'runs an experiment',
    body: RunSchema,
    status: 202,
    answer: json<JobStarted>('a job of kind experiment, whose result is a RunReport'),
  },
});

/** What can be run, and where. */
export interface LabDescription {
  readonly machine: Machine;
  readonly experiments: readonly ExperimentSummary[];
  /** The programs of the lessons that have some, by the experiment. */
  readonly programs: Readonly<Partial<Record<string, LessonCode>>>;
}
