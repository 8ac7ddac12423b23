import { LabError, describeExperiment, resolveParameters, runExperiment } from '@socklab/lab';
import { Refusal } from '../../http/refusal.ts';
import { serveRoutes } from '../../http/route.ts';
import { LAB_ROUTES } from './contract.ts';
import { LESSON_CODE } from './lesson-code.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';
import type { LabDescription } from './contract.ts';
import type { Experiment, Machine, RunReport } from '@socklab/lab';
import type { LabReport } from '@socklab/lab';
import type { Hono } from 'hono';

/** Options of {@link serveLab}. */
export interface LabRoutesOptions {
  readonly experiments: readonly Experiment[];
  /** The run made when the service started. */
  readonly report: LabReport;
  readonly machine: Machine;
  readonly jobs: Jobs;
  readonly onRun: (report: RunReport) => void;
}

/** Lists the experiments, and runs them. */
export function serveLab(app: Hono, { experiments, report, machine, jobs, onRun }: LabRoutesOptions): void {
  const description: LabDescription = { machine, experiments: experiments.map(describeExperiment), programs: LESSON_CODE };
  serveRoutes(app, LAB_ROUTES, {
    'GET /api/lab': () => description,
    'GET /api/experiments': () => report,
    'GET /api/experiments/:id': ({ req }) => known(report.experiments, req.param('id') ?? ''),
    'POST /api/experiments/:id/runs': ({ req }, { params = {} }) => {
      const experiment = known(experiments, req.param('id') ?? '');
      check(experiment, params);
      const { summary } = jobs.start({
        kind: 'experiment',
        isAlone: true,
        work: async ({ signal }) => {
          const run = await runExperiment(experiment, { machine, params, signal });
          // A stopped one has no result.
          signal.throwIfAborted();
          onRun(run);
          return run;
        },
      });
      return { job: summary };
    },
  });
}

function known<Known extends { readonly id: string }>(all: readonly Known[], id: string): Known {
  const found = all.find((each) => each.id === id);
  if (found !== undefined) return found;
  const seen = JSON.stringify(id.slice(0, 60));
  throw new Refusal(404, { en: `unknown experiment ${seen}`, zh: `没有名为 ${seen} 的实验` });
}

function check(experiment: Experiment, params: Readonly<Record<string, number>>): void {
  try {
    resolveParameters(experiment, params);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new Refusal(422, error.text, error.parameter === undefined ? 'params' : `params.${error.parameter}`);
  }
}
