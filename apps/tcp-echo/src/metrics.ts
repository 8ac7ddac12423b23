import { createMetrics } from '@socklab/service';
import { REFUSE_REASONS } from './admission/admission.ts';
import { CLOSE_REASONS } from './closing.ts';
import type { RefuseReason } from './admission/admission.ts';
import type { CloseReason } from './closing.ts';
import type { Totals } from './connection/connections.ts';
import type { Counter, Metrics as ServiceMetrics } from '@socklab/service';

/** The metrics of tcp-echo. The README's table lists the same. */
export interface Metrics {
  /** What the admin endpoint serves. */
  readonly service: ServiceMetrics;
  readonly connections: Counter;
  readonly connectionsClosed: Counter<'reason'>;
  readonly connectionsRefused: Counter<'reason'>;
  /** Connects the sources of the others, which are read on each scrape. */
  watch(source: MetricsSource): void;
}

/** Sources that are read on each scrape. */
export interface MetricsSource {
  readonly active: () => number;
  readonly waiting: () => number;
  readonly pendingBytes: () => number;
  readonly bufferedBytes: () => number;
  readonly totals: () => Totals;
}

/** Makes the metrics of one process. */
export function createTcpEchoMetrics(): Metrics {
  const metrics = createMetrics('tcp-echo');
  let source: MetricsSource = { active: () => 0, waiting: () => 0, pendingBytes: () => 0, bufferedBytes: () => 0, totals: () => NOTHING };
  const connections = metrics.counter('connections_total', 'Connections accepted');
  metrics.gaugeOf('connections_active', 'Connections open now, those in the queue included', () => source.active());
  metrics.gaugeOf('connections_waiting', 'Connections waiting in the queue now', () => source.waiting());
  const connectionsClosed = metrics.counter('connections_closed_total', 'Connections closed, by reason', ['reason']);
  const connectionsRefused = metrics.counter('connections_refused_total', 'Connections refused, by reason', ['reason']);
  metrics.gaugeOf('pending_bytes', 'Bytes sent that peers have not taken', () => source.pendingBytes());
  metrics.gaugeOf('buffered_bytes', 'Bytes held in memory for all clients; limit: --max-buffered', () => source.bufferedBytes());
  metrics.counterOf('received_bytes_total', 'Bytes received', () => source.totals().bytesIn);
  metrics.counterOf('sent_bytes_total', 'Bytes sent', () => source.totals().bytesOut);
  metrics.counterOf('messages_received_total', 'Messages received; without a framing, reads', () => source.totals().messagesIn);
  metrics.counterOf('messages_sent_total', 'Messages sent; without a framing, writes', () => source.totals().messagesOut);
  // Reasons that have not occurred yet are 0: a rate over them needs that.
  for (const reason of CLOSE_REASONS) connectionsClosed.inc({ reason }, 0);
  for (const reason of REFUSE_REASONS) connectionsRefused.inc({ reason }, 0);
  return {
    service: metrics,
    connections,
    connectionsClosed,
    connectionsRefused,
    watch: (watched) => {
      source = watched;
    },
  };
}

const NOTHING: Totals = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };

/** Lists the reasons, so that a label cannot be misspelt. */
export function countClosed(metrics: Metrics, reason: CloseReason): void {
  metrics.connectionsClosed.inc({ reason });
}

/** Counts a refused connection. */
export function countRefused(metrics: Metrics, reason: RefuseReason): void {
  metrics.connectionsRefused.inc({ reason });
}
