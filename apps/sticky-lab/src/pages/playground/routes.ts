import { serveRoutes } from '../../http/route.ts';
import { PLAYGROUND_ROUTES } from './contract.ts';
import { planRun } from './plan-run.ts';
import { runPlayground } from './run.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';
import type { PlaygroundEvent } from './result.ts';
import type { Hono } from 'hono';

/** What {@link servePlayground} works with. */
export interface PlaygroundRoutesOptions {
  readonly jobs: Jobs;
}

/** Runs what the playground asks for. */
export function servePlayground(app: Hono, { jobs }: PlaygroundRoutesOptions): void {
  serveRoutes(app, PLAYGROUND_ROUTES, {
    'POST /api/playground/runs': (_, settings) => {
      const plan = planRun(settings);
      const { summary } = jobs.start({
        kind: 'playground',
        isAlone: true,
        work: (job) => runPlayground(settings, plan, { signal: job.signal, emit: (event: PlaygroundEvent) => job.emit(event) }),
      });
      return { job: summary };
    },
  });
}
