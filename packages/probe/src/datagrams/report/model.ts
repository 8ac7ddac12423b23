import type { ControlSummary, Excerpt } from '../../report/model.ts';
import type { Outcome } from '../../types.ts';
import type { DatagramFailure, DatagramVerdictKind } from '../base/types.ts';

/** The version of this format. It changes when a reader of the old one could be misled. */
export const DATAGRAM_REPORT_VERSION = 1;

/** The results of one plan. */
export interface DatagramTally extends Readonly<Record<DatagramVerdictKind, number>> {
  readonly plan: string;
  readonly planned: number;
  /** What the plan leaves out here, a clause. */
  readonly untried?: string;
}

/** One trial that failed, always or once. */
export interface DatagramCase {
  /** The trial as a plan: `truncate:0@17`. */
  readonly trial: string;
  readonly plan: string;
  /** What was done, a clause. */
  readonly what: string;
  readonly kind: 'fail' | 'flaky';
  readonly failure?: DatagramFailure;
  /** What was seen, in one sentence. */
  readonly detail: string;
  /** What the failure means, and when a protocol allows it. */
  readonly meaning?: string;
  /** The last answer of the control, and the last of the trial. */
  readonly expected: Excerpt;
  readonly received: Excerpt;
  /** The command that does it again. */
  readonly replay?: string;
}

/** The most that one datagram of a new address brought. */
export interface AmplificationSummary {
  readonly trial: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly datagramsOut: number;
  /** With the headers of IP and UDP. */
  readonly factor: number;
}

/** The result of a campaign over UDP. */
export interface DatagramReport {
  readonly version: typeof DATAGRAM_REPORT_VERSION;
  readonly transport: 'udp';
  readonly outcome: Outcome;
  readonly target: string;
  readonly exchange: { readonly name?: string };
  /** The unharmed exchange. */
  readonly control: ControlSummary;
  /** Each datagram of the exchange. */
  readonly sends: readonly Excerpt[];
  readonly concurrency: number;
  readonly plans: readonly DatagramTally[];
  readonly totals: Readonly<Record<DatagramVerdictKind, number>>;
  readonly durationMs: number;
  /** How often the target was restarted; absent when the campaign did not start it. */
  readonly restarts?: number;
  /** Absent when no first datagram was answered. */
  readonly amplification?: AmplificationSummary;
  /** What is worth knowing and no fault, one sentence each. */
  readonly notes: readonly string[];
  /** What was left out, one clause each: the outcome does not cover it. */
  readonly notTried: readonly string[];
  /** The first cases, at most `MAX_DATAGRAM_CASES`. */
  readonly cases: readonly DatagramCase[];
  /** How many more there were. */
  readonly omittedCases: number;
}

/** Most cases that a report shows. */
export const MAX_DATAGRAM_CASES = 100;

/** What each failure means, and when it is none. */
export const FAILURE_MEANINGS: Readonly<Record<DatagramFailure, string>> = {
  'target-died': 'anybody who can send a datagram ends the service',
  hang: 'the server keeps waiting for what was lost: state of a client that is gone or unlucky must end, by time or by its next request',
  'no-answer': 'a client that sends again what got lost, or whose datagram is late or doubled, gets no answer',
  'wrong-answer':
    'a client whose datagram is late, lost once or doubled gets another answer; with "otherwise" allowed by the protocol, say --allow wrong-answer',
  'mixed-answer': 'one client gets what belongs to another: keep the address of the sender with each request until it is answered',
  'answered-anew':
    'a copy that the network made was carried out again: keep the answer with the id, and send that; a protocol without this promise is --allow answered-anew',
  amplifies:
    'whoever forges the address of a victim makes this server send it that many times the bytes: send little until the address is proven; protocols that cannot, as DNS, are --allow amplifies',
};
