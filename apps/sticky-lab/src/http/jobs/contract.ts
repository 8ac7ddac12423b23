import type { JobSummary } from './job.ts';

/** Jobs of all kinds. */
export interface JobRoutes {
  'GET /api/jobs': { answer: readonly JobSummary[] };
  'GET /api/jobs/:id': { answer: JobWithResult };
  'POST /api/jobs/:id/stop': { answer: JobSummary };
}

/** A job, and what came of it. */
export interface JobWithResult extends JobSummary {
  /** What its kind says; `null` until it is done. */
  readonly result: unknown;
}

/** What is answered when a job was started. */
export interface JobStarted {
  readonly job: JobSummary;
}

/** Something new of one of the jobs that are followed: an event, events that are no longer kept, or that the job is not known. */
export interface JobNews {
  readonly job: string;
  /** Counts the events of the job from 1. */
  readonly id?: number;
  readonly event?: unknown;
  /** How many events came too late. */
  readonly missed?: number;
  readonly isLost?: true;
}
