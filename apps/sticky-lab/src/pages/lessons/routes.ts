import { LabError, describeExperiment, resolveParameters, runExperiment } from '@socklab/lab';
import { Hono } from 'hono';
import { number, object, optional, record, string } from 'valibot';
import { readBody } from '../../http/body.ts';
import { Refusal } from '../../http/refusal.ts';
import type { JobStarted } from '../../http/jobs/contract.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';
import type { LabDescription } from './contract.ts';
import type { Experiment, Machine, RunReport } from '@socklab/lab';
import type { LabReport } from '@socklab/lab';
import type { Handler } from 'hono';

/** What {@link labRoutes} works with. */
export interface LabRoutesOptions {
  readonly experiments: readonly Experiment[];
  /** The run made when the service started. */
  readonly report: LabReport;
  readonly machine: Machine;
  readonly jobs: Jobs;
  readonly onRun: (report: RunReport) => void;
}

const RunRequest = object({
  params: optional(record(string(), number())),
});

/** Tells what there is to run. */
export function labDescription({ experiments, machine }: Pick<LabRoutesOptions, 'experiments' | 'machine'>): Handler {
  const description: LabDescription = { machine, experiments: experiments.map(describeExperiment) };
  return (context) => context.json(description);
}

/** Tells of the experiments, and runs them. */
export function labRoutes({ experiments, report, machine, jobs, onRun }: LabRoutesOptions): Hono {
  const routes = new Hono();
  routes.get('/', (context) => context.json(report));
  routes.get('/:id', (context) => context.json(known(report.experiments, context.req.param('id'))));
  routes.post('/:id/runs', async (context) => {
    const experiment = known(experiments, context.req.param('id'));
    const { params = {} } = await readBody(context, RunRequest);
    check(experiment, params);
    const { summary } = jobs.start({
      kind: 'experiment',
      isAlone: true,
      work: async ({ signal }) => {
        const run = await runExperiment(experiment, { machine, params, signal });
        // One that was stopped has no result.
        signal.throwIfAborted();
        onRun(run);
        return run;
      },
    });
    return context.json<JobStarted>({ job: summary }, 202);
  });
  return routes;
}

function known<Known extends { readonly id: string }>(all: readonly Known[], id: string): Known {
  const found = all.find((each) => each.id === id);
  if (found !== undefined) return found;
  const seen = JSON.stringify(id.slice(0, 60));
  throw new Refusal(404, { en: `no experiment is called ${seen}`, zh: `没有名为 ${seen} 的实验` });
}

function check(experiment: Experiment, params: Readonly<Record<string, number>>): void {
  try {
    resolveParameters(experiment, params);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new Refusal(422, error.text, error.parameter === undefined ? 'params' : `params.${error.parameter}`);
  }
}
