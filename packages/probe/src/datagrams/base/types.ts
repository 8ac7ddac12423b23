/**
 * The data types of a probe over UDP. All of them are plain data.
 *
 * ```
 * Exchange --plans--> DatagramTrial (what is sent, what is awaited) --a socket of its own--> answers --compare--> DatagramVerdict
 * ```
 *
 * An exchange is that of `createExchange`: each send is one datagram, each wait is for one datagram or several.
 */

/** Where all datagrams of an exchange have their transaction id: `at` bytes from the start, `bytes` long. */
export interface DatagramId {
  readonly at: number;
  readonly bytes: number;
}

/** One step of a trial. */
export type DatagramAction =
  /** Sends of the exchange, by number, in one datagram; of it only the first `keep` bytes. */
  | { readonly kind: 'send'; readonly sends: readonly number[]; readonly keep?: number }
  | { readonly kind: 'pause'; readonly ms: number }
  /** A wait of the exchange, by number. `isSilent`: nothing needs to come, and silence ends it. */
  | { readonly kind: 'wait'; readonly wait: number; readonly isSilent?: boolean };

/**
 * What may be answered. `same`: what the control was answered, perhaps more than once. `any`: anything, and nothing. `joined`: the bytes
 * of the control's answers, however they are divided into datagrams.
 */
export type Allowance = 'same' | 'any' | 'joined';

/** The work of one socket, which is a new address for the server. */
export interface DatagramTrial {
  /** Unique in a campaign, and the plan that makes this trial alone: `truncate:0@17`. */
  readonly id: string;
  /** The name of its plan: `truncate`. */
  readonly plan: string;
  /** What is done, in one clause. */
  readonly what: string;
  readonly actions: readonly DatagramAction[];
  readonly allows: Allowance;
  /** The wait whose answers are due several times. */
  readonly repeated?: { readonly wait: number; readonly times: number };
}

/**
 * How a trial failed:
 *
 * - `target-died`: the system of the server reports that nobody listens there any more.
 * - `hang`: afterwards the unharmed exchange is not answered, from this address or from any.
 * - `no-answer`, `wrong-answer`: what must be answered as in the control is not.
 * - `mixed-answer`: the answer to another address.
 * - `answered-anew`: a copy of a datagram, with the same transaction id, was answered otherwise.
 * - `amplifies`: more than three times the bytes of the first datagram went to an address that had proven nothing.
 */
export type DatagramFailure = 'target-died' | 'hang' | 'no-answer' | 'wrong-answer' | 'mixed-answer' | 'answered-anew' | 'amplifies';

/** Every {@link DatagramFailure}, for tables and tests. */
export const DATAGRAM_FAILURES: readonly DatagramFailure[] = [
  'target-died',
  'hang',
  'no-answer',
  'wrong-answer',
  'mixed-answer',
  'answered-anew',
  'amplifies',
];

/** The failures that a protocol may allow: no protocol allows the others. */
export type AllowableFailure = Exclude<DatagramFailure, 'target-died' | 'hang' | 'mixed-answer'>;

/** Every {@link AllowableFailure}. */
export const ALLOWABLE_FAILURES: readonly AllowableFailure[] = ['no-answer', 'wrong-answer', 'answered-anew', 'amplifies'];

/**
 * The verdict of a trial. `same`, `twice`, `other` and `none` are no faults: answered as the control was, with copies of these answers,
 * otherwise where that is allowed, and not at all where nothing needs to come.
 */
export type DatagramVerdictKind = 'same' | 'twice' | 'other' | 'none' | 'fail' | 'flaky';

/** Every {@link DatagramVerdictKind}, for tables and tests. */
export const DATAGRAM_VERDICTS: readonly DatagramVerdictKind[] = ['same', 'twice', 'other', 'none', 'fail', 'flaky'];

/** The verdict, of a failure with what was seen in one sentence. */
export type DatagramVerdict =
  | { readonly kind: 'same' | 'twice' | 'other' | 'none' }
  | { readonly kind: 'fail'; readonly failure: DatagramFailure; readonly detail: string }
  | { readonly kind: 'flaky'; readonly detail: string };
