import { streamSSE } from 'hono/streaming';
import { isOfClass } from '../class-mode.ts';
import { Refusal } from '../refusal.ts';
import { serveRoutes } from '../route.ts';
import { JOB_ROUTES } from './contract.ts';
import type { EventLog, LoggedEvent } from './event-log.ts';
import type { Job, JobKind } from './job.ts';
import type { Jobs } from './jobs.ts';
import type { Context, Hono } from 'hono';
import type { SSEMessage, SSEStreamingApi } from 'hono/streaming';

/** Proxies in between close connections without traffic. */
const HEARTBEAT_MS = 15_000;
/** This many events of a job are sent before others get their turn. */
const BATCH = 500;
const JSON_TYPE = { 'Content-Type': 'application/json' };
/** Most jobs that one stream follows. */
const MAX_FOLLOWED = 64;

/** Jobs started by a class. It cannot list others, and each member only knows those it started: ids cannot be guessed. */
const CLASS_KINDS: ReadonlySet<JobKind> = new Set(['experiment', 'playground']);

/** Lists, follows and stops jobs. */
export function serveJobs(app: Hono, jobs: Jobs): void {
  serveRoutes(app, JOB_ROUTES, {
    'GET /api/jobs': (context) => (isOfClass(context) ? [] : jobs.list()),
    'GET /api/jobs/events': (context) => followMany(context, jobs),
    'GET /api/jobs/:id': (context) => {
      const job = find(jobs, context);
      // The result is JSON already: `JobWithResult`.
      return context.body(`${JSON.stringify(job.summary).slice(0, -1)},"result":${job.resultJson ?? null}}`, 200, JSON_TYPE);
    },
    'POST /api/jobs/:id/stop': (context) => {
      const job = find(jobs, context);
      job.stop();
      return job.summary;
    },
    'GET /api/jobs/:id/events': (context) => followOne(context, find(jobs, context)),
  });
}

function find(jobs: Jobs, context: Context): Job {
  const id = context.req.param('id') ?? '';
  const job = jobOf(jobs, id, context);
  if (job !== undefined) return job;
  const seen = JSON.stringify(id.slice(0, 60));
  throw new Refusal(404, { en: `there is no job ${seen}, or it is no longer kept`, zh: `没有任务 ${seen}，或已不再保留` });
}

function jobOf(jobs: Jobs, id: string, context: Context): Job | undefined {
  const job = jobs.get(id);
  return job !== undefined && isOfClass(context) && !CLASS_KINDS.has(job.summary.kind) ? undefined : job;
}

/** A log, from which event to send it, and how. */
interface Reading {
  readonly log: EventLog;
  /** The last event that was sent. */
  at: number;
  readonly told: (event: LoggedEvent) => SSEMessage;
  readonly missed: (count: number) => SSEMessage;
}

function followOne(context: Context, { log }: Job): Response {
  const at = startOf(context.req.header('last-event-id'), log);
  return streamSSE(context, (stream) => tell(stream, [{ log, at, ...PLAINLY }]));
}

const PLAINLY: Pick<Reading, 'told' | 'missed'> = {
  told: ({ id, json }) => ({ id: String(id), data: json }),
  missed: (count) => ({ event: 'missed', data: String(count) }),
};

/** Several at once, as `after=JOB:LAST&after=…`: the events are `JobNews`. */
function followMany(context: Context, jobs: Jobs): Response {
  const asked = (context.req.queries('after') ?? []).map((text) => /^(?<job>[^:]{1,60}):(?<last>\d{1,15})$/.exec(text)?.groups);
  if (asked.length === 0 || asked.length > MAX_FOLLOWED || asked.includes(undefined)) {
    const en = `give after=JOB:LAST, the id of a job and of the last of its events that came, 1 to ${MAX_FOLLOWED} times`;
    throw new Refusal(400, { en, zh: `请给出 after=任务:编号（任务的 id 和最后收到的事件编号），1 到 ${MAX_FOLLOWED} 次` }, 'after');
  }
  return streamSSE(context, async (stream) => {
    const readings: Reading[] = [];
    const [latest, latestId] = (context.req.header('last-event-id') ?? '').split(':');
    for (const { job: id = '', last } of asked.map((each) => each ?? {})) {
      const job = jobOf(jobs, id, context);
      if (job === undefined) await stream.writeSSE({ data: JSON.stringify({ job: id, isLost: true }) });
      // A stream that the browser reopens repeats the first request, and adds the last event it received.
      else readings.push(readingOf(job, id === latest ? latestId : last));
    }
    await tell(stream, readings);
  });
}

function readingOf({ id: job, log }: Job, last: string | undefined): Reading {
  const name = JSON.stringify(job);
  return {
    log,
    at: startOf(last, log),
    // An event is JSON already.
    told: ({ id, json }) => ({ id: `${job}:${id}`, data: `{"job":${name},"id":${id},"event":${json}}` }),
    missed: (missed) => ({ data: JSON.stringify({ job, missed }) }),
  };
}

function startOf(last: string | undefined, log: EventLog): number {
  const from = Number(last ?? 0);
  return Number.isSafeInteger(from) && from >= 0 ? Math.min(from, log.lastId) : 0;
}

/** Sends the events of the logs, past and new ones, until all are closed or the client is gone. */
async function tell(stream: SSEStreamingApi, readings: readonly Reading[]): Promise<void> {
  const gone = new Promise<void>((resolve) => stream.onAbort(resolve));
  let open = readings;
  while (open.length > 0 && !stream.aborted) {
    // Before reading: an event during a write, above all the end, must not be missed.
    const changes = open.map(({ log }) => log.changed());
    const states: State[] = [];
    for (const reading of open) states.push(await tellSome(stream, reading));
    open = open.filter((_, index) => states[index] !== 'over');
    if (states.includes('more') || states.includes('over')) continue;
    if (!(await isChanged(Promise.race(changes), gone))) await stream.write(': still here\n\n');
  }
}

type State = 'over' | 'more' | 'told';

async function tellSome(stream: SSEStreamingApi, reading: Reading): Promise<State> {
  const { log, told, missed } = reading;
  const { isClosed } = log;
  const { missed: count, events } = log.after(reading.at);
  if (count > 0) await stream.writeSSE(missed(count));
  for (const event of events.slice(0, BATCH)) await stream.writeSSE(told(event));
  reading.at = events[Math.min(events.length, BATCH) - 1]?.id ?? reading.at;
  if (events.length > BATCH) return 'more';
  return isClosed ? 'over' : 'told';
}

/** False when nothing arrived for a while. */
async function isChanged(changed: Promise<void>, gone: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), HEARTBEAT_MS);
  });
  try {
    return await Promise.race([changed, gone].map((each) => each.then(() => true)).concat(waited));
  } finally {
    clearTimeout(timer);
  }
}
