import type { JobRoutes } from './http/jobs/contract.ts';
import type { ChatRoutes } from './pages/chat/contract.ts';
import type { ExerciseRoutes } from './pages/exercises/contract.ts';
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
export interface Routes extends JobRoutes, LabRoutes, ExerciseRoutes, ChatRoutes, ProxyRoutes, ProbeRoutes, PlaygroundRoutes {}
