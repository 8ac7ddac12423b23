import { defineRoutes, file, json } from '../route.ts';
import type { JobSummary } from './job.ts';

/** Jobs of all kinds. */
export const JOB_ROUTES = defineRoutes({
  'GET /api/jobs': { summary: 'all jobs that are known', answer: json<readonly JobSummary[]>('the jobs, the oldest first') },
  'GET /api/jobs/events': {
    summary: 'what happens in several jobs, as it happens',
    query: { after: 'JOB:LAST, the last event of a job that came; may be repeated, 1 to 64 times' },
    answer: file('server-sent events, each a JobNews', 'text/event-stream'),
  },
  'GET /api/jobs/:id': { summary: 'one job, with its result', answer: json<JobWithResult>('the job') },
  'GET /api/jobs/:id/events': {
    summary: 'what happens in a job, as it happens; Last-Event-ID goes on where a stream broke off',
    answer: file('server-sent events; the last one is a JobEnd', 'text/event-stream'),
  },
  'POST /api/jobs/:id/stop': { summary: 'ends a job', answer: json<JobSummary>('the job') },
});

/** A job and its result. */
export interface JobWithResult extends JobSummary {
  /** Depends on its kind; `null` until it is done. */
  readonly result: unknown;
}

/** The answer when a job was started. */
export interface JobStarted {
  readonly job: JobSummary;
}

/** News of a followed job: an event, events that are no longer kept, or that the job is unknown. */
export interface JobNews {
  readonly job: string;
  /** Number of the event in the job, from 1. */
  readonly id?: number;
  readonly event?: unknown;
  /** Number of events that are no longer kept. */
  readonly missed?: number;
  readonly isLost?: true;
}
