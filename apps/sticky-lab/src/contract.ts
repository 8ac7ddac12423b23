import type { JobSummary } from './http/jobs/job.ts';
import type { ChatRoutes } from './pages/chat/contract.ts';
import type { LabRoutes } from './pages/lessons/contract.ts';
import type { PlaygroundRoutes } from './pages/playground/contract.ts';
import type { ProbeRoutes } from './pages/probe/contract.ts';
import type { ProxyRoutes } from './pages/proxy/contract.ts';

/**
 * What the page and the service say to each other: by method and path, what is sent and what is answered. A part of the
 * path that begins with a colon is filled in by whoever asks. Refused requests are answered with `RefusalAnswer`.
 *
 * Besides, `GET /api/jobs/:id/events` streams the events of a job (server-sent events; `Last-Event-ID` goes on where a
 * stream broke off). Its last event is `JobEnd`. `GET /api/jobs/events?after=JOB:LAST&after=…` streams those of several jobs,
 * each as `JobNews`.
 */
export interface Routes extends JobRoutes, LabRoutes, ChatRoutes, ProxyRoutes, ProbeRoutes, PlaygroundRoutes {}

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
