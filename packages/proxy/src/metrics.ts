import { createMetrics } from '@socklab/service';
import { CLOSE_REASONS } from './connection.ts';
import type { CloseReason } from './connection.ts';
import type { Totals } from './totals.ts';
import type { Counter, Metrics } from '@socklab/service';

/** Counters of rare events. */
export interface ProxyCounts {
  readonly connections: { inc(): void };
  readonly connectionsRefused: { inc(labels: { readonly reason: string }): void };
  readonly connectionsClosed: { inc(labels: { readonly reason: string }): void };
  readonly triggers: { inc(labels: { readonly action: string }): void };
}

/** Metrics of the proxy. The table in the README is tested against them. */
export interface ProxyMetrics extends ProxyCounts {
  /** The registry that the admin endpoint serves. */
  readonly service: Metrics;
  readonly connections: Counter;
  readonly connectionsRefused: Counter<'reason'>;
  readonly connectionsClosed: Counter<'reason'>;
  readonly triggers: Counter<'action'>;
}

/** Creates the metrics of one process. `totals` and `active` are read on each scrape. */
export function createProxyMetrics(totals: Totals, active: () => number): ProxyMetrics {
  const service = createMetrics('sticky-lab');
  const made = {
    service,
    connections: service.counter('proxy_connections_total', 'Connections accepted'),
    connectionsRefused: service.counter('proxy_connections_refused_total', 'Connections refused, by reason', ['reason']),
    connectionsClosed: service.counter('proxy_connections_closed_total', 'Connections closed, by reason', ['reason']),
    triggers: service.counter('proxy_triggers_total', 'Triggers that happened, by action', ['action']),
  };
  service.gaugeOf('proxy_connections_active', 'Connections open now', active);
  const countersOf = (name: string, help: string, key: 'bytes' | 'pieces' | 'confirmed'): void =>
    service.countersOf(name, help, 'direction', () => ({ up: totals.up[key], down: totals.down[key] }));
  countersOf('proxy_bytes_total', 'Bytes passed on, by direction', 'bytes');
  countersOf('proxy_pieces_total', 'Writes that they were passed on in, by direction', 'pieces');
  countersOf('proxy_pieces_confirmed_total', 'Pieces known to be read on their own, by direction', 'confirmed');
  // Start every reason at 0: `rate()` needs a first value.
  for (const reason of CLOSE_REASONS) made.connectionsClosed.inc({ reason }, 0);
  made.connectionsRefused.inc({ reason: 'max-connections' }, 0);
  return made;
}

/** Types the reasons, so that a label cannot be misspelt. */
export function countClosed(metrics: ProxyCounts, reason: CloseReason): void {
  metrics.connectionsClosed.inc({ reason });
}
