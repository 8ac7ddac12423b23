import { DROP_REASONS } from './gate/drop-reasons.ts';
import type { DropReason } from './gate/drop-reasons.ts';
import type { BusCounts } from './room/bus/bus.ts';
import type { Metrics } from '@socklab/service';

/**
 * Counters of the traffic: plain numbers that cost a datagram one addition each and are read on each scrape.
 *
 * Each received datagram is counted once more, so that the difference between received and sent is always
 * explained: `datagramsIn = datagramsOut + dropped + sendErrors + quits + taken`, and those that wait or are
 * delayed.
 */
export interface Traffic {
  datagramsIn: number;
  bytesIn: number;
  /** Answers that the system took. */
  datagramsOut: number;
  /** Payload bytes of answers and copies. */
  bytesOut: number;
  /** Sum of {@link Traffic.drops}. */
  dropped: number;
  readonly drops: Record<DropReason, number>;
  /** Answers that the system refused. */
  sendErrors: number;
  /** Datagrams that were the quit word. */
  quits: number;
  /** Datagrams that a session took and that need no answer. */
  taken: number;
  /** Datagrams that answer none: to the members of a room, to groups, the duplicates of `--dup`. */
  copiesOut: number;
  /** Such datagrams that were not sent: refused, or dropped. */
  copiesLost: number;
  /** Framed messages in the received datagrams. */
  messagesIn: number;
  truncated: number;
  /** Datagrams waiting for the operator. */
  waiting: number;
  /** Answers delayed by `--delay` or `--reorder`. */
  delayed: number;
}

/** What a process reports besides its {@link Traffic}. */
export interface Sources {
  readonly traffic: Traffic;
  /** Datagrams the system dropped before anybody read them. */
  readonly kernelDrops: () => number;
  /** Members of the room. */
  readonly members: () => number;
  readonly bus: () => BusCounts;
}

/** Makes a {@link Traffic} with all counters 0. */
export function createTraffic(): Traffic {
  const drops = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<DropReason, number>;
  return {
    datagramsIn: 0,
    bytesIn: 0,
    datagramsOut: 0,
    bytesOut: 0,
    dropped: 0,
    drops,
    sendErrors: 0,
    quits: 0,
    taken: 0,
    copiesOut: 0,
    copiesLost: 0,
    messagesIn: 0,
    truncated: 0,
    waiting: 0,
    delayed: 0,
  };
}

/** Registers the metrics of udp-multi. Their table in the README is tested against this. */
export function registerMetrics(metrics: Metrics, { traffic, kernelDrops, members, bus }: Sources): void {
  metrics.counterOf('datagrams_received_total', 'Datagrams received', () => traffic.datagramsIn);
  metrics.counterOf('datagrams_sent_total', 'Answers sent', () => traffic.datagramsOut);
  metrics.counterOf('received_bytes_total', 'Payload bytes received', () => traffic.bytesIn);
  metrics.counterOf('sent_bytes_total', 'Payload bytes sent, of answers and copies', () => traffic.bytesOut);
  metrics.countersOf('datagrams_dropped_total', 'Datagrams not answered, by reason', 'reason', () => traffic.drops);
  metrics.counterOf('send_errors_total', 'Answers that the system refused to send', () => traffic.sendErrors);
  metrics.counterOf('quits_total', 'Datagrams with the quit word, which needs no answer', () => traffic.quits);
  metrics.counterOf('taken_total', 'Datagrams that a session took and that need no answer', () => traffic.taken);
  metrics.gaugeOf('datagrams_waiting', 'Datagrams waiting for the operator', () => traffic.waiting);
  metrics.gaugeOf('answers_delayed', 'Answers held back by --delay or --reorder', () => traffic.delayed);
  metrics.counterOf('kernel_drops_total', 'Datagrams that the system dropped because a receive buffer was full', kernelDrops);
  metrics.counterOf('messages_received_total', 'Framed messages in the datagrams received', () => traffic.messagesIn);
  metrics.counterOf('truncated_total', 'Datagrams cut by --truncate-at', () => traffic.truncated);
  metrics.counterOf(
    'copies_sent_total',
    'Copies sent: datagrams to members and to groups, and duplicates of --dup',
    () => traffic.copiesOut,
  );
  metrics.counterOf('copies_lost_total', 'Copies not sent: the system refused them, or they were dropped', () => traffic.copiesLost);
  metrics.gaugeOf('members', 'Members of the room', members);
  metrics.gaugeOf('bus_connected', '1 when the bus to the other replicas is up', () => Number(bus().isConnected));
  metrics.counterOf('bus_published_total', 'Messages given to the bus', () => bus().published);
  metrics.counterOf('bus_received_total', 'Messages that came over the bus', () => bus().received);
  metrics.counterOf(
    'bus_dropped_total',
    'Messages dropped: the queue to the bus was full, or what the bus brought was invalid or over the limit',
    () => bus().dropped,
  );
  metrics.counterOf('bus_reconnects_total', 'Times the bus came back', () => bus().reconnects);
}
