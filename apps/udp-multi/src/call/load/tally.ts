import { createLatencyHistogram } from '@socklab/client';
import type { AnswerFault } from './probe-format.ts';
import type { RecordableHistogram } from 'node:perf_hooks';

/** The first wrong answer of a load, and its socket. */
export type FirstFault = AnswerFault & { readonly socket: number };

/** The counts of a load, over all its sockets. */
export interface LoadTally {
  /** Datagrams that the system took. */
  sent: number;
  answered: number;
  lost: number;
  /** Datagrams that the system did not take. */
  notSent: number;
  /** Answers to datagrams that were answered already. */
  duplicates: number;
  /** Answers to datagrams that count as lost. */
  late: number;
  corrupt: number;
  /** Correct answers to datagrams so old that they are no longer remembered. */
  unknown: number;
  /** Answers that were overtaken by one to a later datagram of the socket. */
  reordered: number;
  /** How often the system reported that nothing listens there. */
  refusals: number;
  sentBytes: number;
  answeredBytes: number;
  /** When the last counted answer arrived. */
  lastAnswerMs: number;
  readonly roundTrip: RecordableHistogram;
  firstFault: FirstFault | undefined;
  /** The first error with which the system did not take a datagram. */
  firstSendError: string | undefined;
}

/** A tally of nothing. */
export function createTally(): LoadTally {
  return {
    sent: 0,
    answered: 0,
    lost: 0,
    notSent: 0,
    duplicates: 0,
    late: 0,
    corrupt: 0,
    unknown: 0,
    reordered: 0,
    refusals: 0,
    sentBytes: 0,
    answeredBytes: 0,
    lastAnswerMs: 0,
    roundTrip: createLatencyHistogram(),
    firstFault: undefined,
    firstSendError: undefined,
  };
}
