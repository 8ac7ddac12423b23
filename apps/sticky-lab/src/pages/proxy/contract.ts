import { boolean, description, number, optional, pipe, strictObject, string, union } from 'valibot';
import { defineRoutes, json } from '../../http/route.ts';
import type { JobSummary } from '../../http/jobs/job.ts';
import type { ProxyConnection, ProxyState } from './proxy-events.ts';
import type { ConnectionRecording } from './recorded.ts';
import type { InferInput } from 'valibot';

const text = optional(string());
const SETTINGS = { plan: text, pace: text, seed: optional(union([string(), number()])), direction: text, latency: text, rate: text };

// Absent options have the command line's defaults, except the port: any free one.
const ProxySchema = strictObject({ listen: text, target: string(), framing: text, ...SETTINGS });

const ChangeSchema = strictObject({ ...SETTINGS, isHeld: pipe(optional(boolean()), description('whether nothing is to pass')) });

/** The request to start a proxy. */
export type SentProxy = Readonly<InferInput<typeof ProxySchema>>;

/** The settings that can be changed while a proxy runs; absent ones are unchanged. */
export type SentSettings = Omit<Readonly<InferInput<typeof ChangeSchema>>, 'isHeld'>;

/** Proxies in front of other programs. */
export const PROXY_ROUTES = defineRoutes({
  'GET /api/proxies': {
    summary: 'the proxies that run, and the last ones that have ended',
    answer: json<readonly ProxyOfJob[]>('the proxies'),
  },
  'POST /api/proxies': {
    summary: 'starts a proxy, which runs until it is stopped, as all jobs are',
    body: ProxySchema,
    status: 202,
    answer: json<ProxyOfJob>('the proxy, a job of kind proxy, whose events are ProxyEvent'),
  },
  'GET /api/proxies/:job': { summary: 'one of them', answer: json<ProxyOfJob>('the proxy') },
  'PATCH /api/proxies/:job': {
    summary: 'does something else from here on, with the connections that are open too; all of it is taken, or nothing',
    body: ChangeSchema,
    answer: json<ProxyChanged>('the proxy'),
  },
  'GET /api/proxies/:job/connections': {
    summary: 'its connections that are open, and the last ones that have ended',
    answer: json<readonly ProxyConnection[]>('the connections'),
  },
  'GET /api/proxies/:job/connections/:connection': {
    summary: 'what passed through one of them',
    answer: json<ConnectionRecording>('what passed'),
  },
  'POST /api/proxies/:job/recordings': {
    summary: 'begins what is recorded of all connections anew',
    answer: json<ProxyOfJob>('the proxy'),
  },
});

/** A proxy, and its job. */
export interface ProxyOfJob extends ProxyState {
  readonly job: JobSummary;
}

/** The result of a change. */
export interface ProxyChanged extends ProxyOfJob {
  /** Open connections that keep their plan: the new one needs frames, and they are in the middle of a stream. */
  readonly keptConnections: number;
}
