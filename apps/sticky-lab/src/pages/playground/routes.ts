import { Hono } from 'hono';
import { array, boolean, number, object, picklist, string } from 'valibot';
import { readBody } from '../../http/body.ts';
import { planRun } from './plan-run.ts';
import { runPlayground } from './run.ts';
import { FIRST_READS, WRITE_MODES } from './settings.ts';
import type { JobStarted } from '../../http/jobs/contract.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';
import type { PlaygroundEvent } from './result.ts';

/** What {@link playgroundRoutes} works with. */
export interface PlaygroundRoutesOptions {
  readonly jobs: Jobs;
}

// Only what kind of thing each is: what is allowed of it, the plan of the run says, in both languages.
const Settings = object({
  messages: array(string()),
  repeat: number(),
  framing: string(),
  write: picklist(WRITE_MODES),
  gapMs: number(),
  pieceBytes: number(),
  noDelay: boolean(),
  readBytes: number(),
  firstRead: picklist(FIRST_READS),
  firstReadMs: number(),
  readGapMs: number(),
});

/** Runs what the playground asks for. */
export function playgroundRoutes({ jobs }: PlaygroundRoutesOptions): Hono {
  const routes = new Hono();
  routes.post('/runs', async (context) => {
    const settings = await readBody(context, Settings);
    const plan = planRun(settings);
    const { summary } = jobs.start({
      kind: 'playground',
      isAlone: true,
      work: (job) => runPlayground(settings, plan, { signal: job.signal, emit: (event: PlaygroundEvent) => job.emit(event) }),
    });
    return context.json<JobStarted>({ job: summary }, 202);
  });
  return routes;
}
