import { createMetrics } from '@socklab/service';
import type { Counter, Gauge, Metrics as ServiceMetrics } from '@socklab/service';
import type { CloseReason } from './connection.ts';

/** Why a connection was refused. */
export type RefuseReason = 'max-connections' | 'once';

/** What tcp-echo counts. The README's table lists the same. */
export interface Metrics {
  /** What the admin endpoint serves. */
  readonly service: ServiceMetrics;
  readonly connections: Counter;
  readonly connectionsActive: Gauge;
  readonly connectionsWaiting: Gauge;
  readonly connectionsClosed: Counter<'reason'>;
  readonly connectionsRefused: Counter<'reason'>;
  readonly bytesReceived: Counter;
  readonly bytesSent: Counter;
  readonly messagesReceived: Counter;
  readonly messagesSent: Counter;
}

/** Makes the metrics of one process. */
export function createTcpEchoMetrics(): Metrics {
  const metrics = createMetrics('tcp-echo');
  return {
    service: metrics,
    connections: metrics.counter('connections_total', 'Connections accepted'),
    connectionsActive: metrics.gauge('connections_active', 'Connections open now, those in line included'),
    connectionsWaiting: metrics.gauge('connections_waiting', 'Connections waiting in line now'),
    connectionsClosed: metrics.counter('connections_closed_total', 'Connections closed, by reason', ['reason']),
    connectionsRefused: metrics.counter('connections_refused_total', 'Connections refused, by reason', ['reason']),
    bytesReceived: metrics.counter('received_bytes_total', 'Bytes received, counted when a connection closes'),
    bytesSent: metrics.counter('sent_bytes_total', 'Bytes sent, counted when a connection closes'),
    messagesReceived: metrics.counter('messages_received_total', 'Messages received, counted when a connection closes'),
    messagesSent: metrics.counter('messages_sent_total', 'Messages sent, counted when a connection closes'),
  };
}

/** Names the reasons, so that a label cannot be misspelt. */
export function countClosed(metrics: Metrics, reason: CloseReason): void {
  metrics.connectionsClosed.inc({ reason });
}

/** Counts a connection that was not served. */
export function countRefused(metrics: Metrics, reason: RefuseReason): void {
  metrics.connectionsRefused.inc({ reason });
}
