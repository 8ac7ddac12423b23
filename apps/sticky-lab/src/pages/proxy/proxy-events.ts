import type { FlowUpdate } from './recorded.ts';
import type { CloseReason, ConnectionSummary, Totals } from '@socklab/proxy';

/** A connection through a proxy of the page. Plain JSON, like all that follows. */
export interface ProxyConnection extends ConnectionSummary {
  /** Why it ended; `null` while it is open. */
  readonly closed: CloseReason | null;
}

/** A proxy, its settings and totals. Settings are as on the command line. */
export interface ProxyState {
  /** Where clients connect, for example `tcp://127.0.0.1:40123`. */
  readonly listen: string;
  readonly target: string;
  readonly framing: string | null;
  readonly plan: string;
  readonly pace: string;
  readonly seed: number;
  readonly direction: string;
  readonly latency: string;
  readonly rate: string;
  /** Whether forwarding is paused: input is read up to a limit, and waits. */
  readonly isHeld: boolean;
  /** Connections open now. */
  readonly connections: number;
  readonly totals: Totals;
}

/** The settings that can be changed while it runs, as text. */
export type WrittenSettings = Pick<ProxyState, 'plan' | 'pace' | 'direction' | 'latency' | 'rate'> & { readonly seed: string };

/** The events of a running proxy. */
export type ProxyEvent =
  /** It listens, or a setting was changed. */
  | { readonly type: 'state'; readonly state: ProxyState }
  | { readonly type: 'opened'; readonly connection: ProxyConnection }
  | { readonly type: 'closed'; readonly connection: ProxyConnection }
  /** New recordings of connections; at most ten times per second. */
  | { readonly type: 'recorded'; readonly connections: readonly RecordedConnection[] }
  /** Totals; once per second during traffic, and once after it. */
  | {
      readonly type: 'passed';
      /** Milliseconds since the proxy was started. */
      readonly ms: number;
      readonly totals: Totals;
      /** The connections with traffic. */
      readonly connections: readonly ProxyConnection[];
    };

/** News of one connection. */
export interface RecordedConnection {
  readonly id: number;
  /** Absent without news. */
  readonly up?: FlowUpdate;
  readonly down?: FlowUpdate;
}
