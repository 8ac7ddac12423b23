import type { JobSummary } from '../../http/jobs/job.ts';
import type { ProxyConnection, ProxyState, WrittenSettings } from './proxy-events.ts';
import type { ConnectionRecording } from './recorded.ts';

/** Proxies in front of other programs. */
export interface ProxyRoutes {
  /** Those that run, and the last ones that have ended. */
  'GET /api/proxies': { answer: readonly ProxyOfJob[] };
  /** Starts one: a job of kind `proxy`, whose events are `ProxyEvent`. It runs until it is stopped, as all jobs are. */
  'POST /api/proxies': { body: SentProxy; answer: ProxyOfJob };
  'GET /api/proxies/:job': { answer: ProxyOfJob };
  /** Does something else from here on, with the connections that are open too. All of it is taken, or nothing. */
  'PATCH /api/proxies/:job': { body: ProxyChange; answer: ProxyChanged };
  /** Those that are open, and the last ones that have ended. */
  'GET /api/proxies/:job/connections': { answer: readonly ProxyConnection[] };
  /** What passed through one of them. */
  'GET /api/proxies/:job/connections/:connection': { answer: ConnectionRecording };
  /** Begins what is recorded of all connections anew. */
  'POST /api/proxies/:job/recordings': { answer: ProxyOfJob };
}

/** What can be changed while a proxy runs, as the page sends it; a part that is absent stays as it is. */
export type SentSettings = { readonly [Name in keyof WrittenSettings]?: string | number | undefined };

/** What the page sends to start a proxy. What is absent is as on the command line, but for the port: any that is free. */
export interface SentProxy extends SentSettings {
  readonly listen?: string | undefined;
  readonly target: string;
  readonly framing?: string | undefined;
}

/** A proxy, and the job that it is. */
export interface ProxyOfJob extends ProxyState {
  readonly job: JobSummary;
}

/** What is to be changed of a proxy. */
export interface ProxyChange extends SentSettings {
  /** Whether nothing is to pass. */
  readonly isHeld?: boolean | undefined;
}

/** What a change has led to. */
export interface ProxyChanged extends ProxyOfJob {
  /** Open connections that keep their plan: the new one needs frames, and they are in the middle of a stream. */
  readonly keptConnections: number;
}
