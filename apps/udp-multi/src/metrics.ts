import type { Metrics } from '@socklab/service';
import type { SourceDropReason } from './admit.ts';

/** Why a datagram got no answer. One of a closed set: it labels a metric. */
export type DropReason =
  | SourceDropReason
  /** Too many datagrams wait for the operator. */
  | 'queue-full'
  /** The system takes answers more slowly than they are made. */
  | 'send-queue-full'
  /** It came after the service began to end, or after the one datagram of `--once`. */
  | 'closing';

/** Every {@link DropReason}, for the metric and its documentation. */
export const DROP_REASONS: readonly DropReason[] = [
  'source-port-low',
  'source-port-service',
  'source-unspecified',
  'source-multicast',
  'source-broadcast',
  'source-reserved',
  'source-own-endpoint',
  'queue-full',
  'send-queue-full',
  'closing',
];

/** What passed so far. */
export interface Totals {
  readonly datagramsIn: number;
  readonly datagramsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly dropped: number;
}

/**
 * Counts what passes. Each datagram received is counted once more as answered, dropped, failed, quit, or is waiting:
 * what was received less what was sent is always explained.
 */
export interface Traffic {
  received(bytes: number): void;
  sent(bytes: number): void;
  dropped(reason: DropReason): void;
  sendFailed(): void;
  quit(): void;
  waiting(count: number): void;
  totals(): Totals;
}

/** Registers the metrics of udp-multi. Their table in the README is tested against this. */
export function createTraffic(metrics: Metrics): Traffic {
  const datagramsIn = metrics.counter('datagrams_in_total', 'Datagrams received');
  const datagramsOut = metrics.counter('datagrams_out_total', 'Datagrams sent');
  const bytesIn = metrics.counter('bytes_in_total', 'Payload bytes received');
  const bytesOut = metrics.counter('bytes_out_total', 'Payload bytes sent');
  const drops = metrics.counter('datagrams_dropped_total', 'Datagrams not answered, by reason', ['reason']);
  const failures = metrics.counter('send_errors_total', 'Answers that the system refused to send');
  const quits = metrics.counter('quits_total', 'Datagrams that were the quit word, which needs no answer');
  const waitingNow = metrics.gauge('datagrams_waiting', 'Datagrams that wait for the operator');
  for (const reason of DROP_REASONS) drops.inc({ reason }, 0);
  const totals = { datagramsIn: 0, datagramsOut: 0, bytesIn: 0, bytesOut: 0, dropped: 0 };
  return {
    received(bytes) {
      datagramsIn.inc();
      bytesIn.inc(bytes);
      totals.datagramsIn += 1;
      totals.bytesIn += bytes;
    },
    sent(bytes) {
      datagramsOut.inc();
      bytesOut.inc(bytes);
      totals.datagramsOut += 1;
      totals.bytesOut += bytes;
    },
    dropped(reason) {
      drops.inc({ reason });
      totals.dropped += 1;
    },
    sendFailed: () => failures.inc(),
    quit: () => quits.inc(),
    waiting: (count) => waitingNow.set(count),
    totals: () => ({ ...totals }),
  };
}
