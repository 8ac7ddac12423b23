import type { FlowUpdate } from './recorded.ts';
import type { CloseReason, ConnectionSummary, Totals } from '@socklab/proxy';

/** A connection through a proxy of the page. Plain JSON, like all that follows. */
export interface ProxyConnection extends ConnectionSummary {
  /** Why it ended; `null` while it is open. */
  readonly closed: CloseReason | null;
}

/** A proxy, as it is set and what passed through it. What is set is written as on the command line. */
export interface ProxyState {
  /** Where clients connect, such as `tcp://127.0.0.1:40123`. */
  readonly listen: string;
  readonly target: string;
  readonly framing: string | null;
  readonly plan: string;
  readonly pace: string;
  readonly seed: number;
  readonly direction: string;
  readonly latency: string;
  readonly rate: string;
  /** Whether nothing passes: what comes is read up to a limit, and waits. */
  readonly isHeld: boolean;
  /** Connections open now. */
  readonly connections: number;
  readonly totals: Totals;
}

/** What can be changed of a proxy while it runs, as it is written. */
export type WrittenSettings = Pick<ProxyState, 'plan' | 'pace' | 'direction' | 'latency' | 'rate'> & { readonly seed: string };

/** What is told of a proxy while it runs. */
export type ProxyEvent =
  /** It listens, or something was changed. */
  | { readonly type: 'state'; readonly state: ProxyState }
  | { readonly type: 'opened'; readonly connection: ProxyConnection }
  | { readonly type: 'closed'; readonly connection: ProxyConnection }
  /** What was recorded of connections; at most ten times a second. */
  | { readonly type: 'recorded'; readonly connections: readonly RecordedConnection[] }
  /** What passed until now; once a second while something passes, and once after it. */
  | {
      readonly type: 'passed';
      /** Milliseconds since the proxy was started. */
      readonly ms: number;
      readonly totals: Totals;
      /** Those in which something passed. */
      readonly connections: readonly ProxyConnection[];
    };

/** What is new of one connection. */
export interface RecordedConnection {
  readonly id: number;
  /** Absent where nothing is new. */
  readonly up?: FlowUpdate;
  readonly down?: FlowUpdate;
}
