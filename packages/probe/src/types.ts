/**
 * The data types of a probe. All of them are plain data, so that they can be planned, compared, shrunk and reported without a socket.
 *
 * ```
 * Exchange --plans--> Trial (bursts of pieces, waits) --delivery--> Observation --compare--> Verdict --> ProbeReport
 * ```
 *
 * An *answer* is what arrives during one wait. Answers are counted from 0 in the order in which the exchange waits for them.
 */

/** Bytes of a request or an answer. Never changed after creation. */
export type Bytes = Uint8Array<ArrayBufferLike>;

/** A region of the bytes of one send, in bytes: `end` is the offset after its last byte. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One frame of a send: `start ≤ payloadStart ≤ payloadEnd ≤ end`; the header lies before the payload, the trailer after it. */
export interface FrameSpan extends Span {
  readonly payloadStart: number;
  readonly payloadEnd: number;
  /** Offset of the length, if the framing has one. */
  readonly length?: Span;
}

/** How the end of an answer is recognised. `control` waits for as many bytes as in the control, or for the end if it ended. */
export type Until =
  | { readonly kind: 'bytes'; readonly count: number }
  | {
      readonly kind: 'frames';
      readonly count: number;
      readonly framing: string;
      /** Whether they may come in any order, as answers with ids may. @defaultValue false */
      readonly isUnordered?: boolean;
    }
  | { readonly kind: 'idle'; readonly ms: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'control' };

/** A place in a send that is filled on each connection: with its number, if the name is `trial`, or with a capture. */
export interface Slot extends Span {
  readonly name: string;
}

/** Bytes of an answer that are sent later. */
export interface Capture {
  readonly name: string;
  /** Its length in bytes: fixed, so that sends keep their length. */
  readonly bytes: number;
  /** Their offset in the answer; or a pattern, over latin1, of which the first group is taken, or all. */
  readonly at?: number;
  readonly pattern?: RegExp;
}

/** Computes a send from captures on the same connection, of the same length as the send. */
export type Reply = (captured: ReadonlyMap<string, Bytes>) => Bytes;

/** Bytes to send, whole or in pieces. */
export interface SendStep {
  readonly send: Bytes;
  /** The frames in `send`, if a framing was given: contiguous, covering all of it. */
  readonly frames?: readonly FrameSpan[];
  /** Whether our side of the connection ends (FIN) after these bytes. */
  readonly end?: boolean;
  /**
   * Whether these bytes may share a write with the previous send: `true` even if an answer is awaited in between, `false` never. By
   * default they may if nothing is awaited, because bytes before and after an answer may have different readers.
   */
  readonly glue?: boolean;
  /** `false`: these bytes are never cut. @defaultValue true */
  readonly cut?: boolean;
  /** The parts that differ on every connection. */
  readonly slots?: readonly Slot[];
  /** Computes what is sent instead. */
  readonly reply?: Reply;
}

/** A wait for an answer. */
export interface ExpectStep {
  readonly expect: Until;
  readonly captures?: readonly Capture[];
}

export type Step = SendStep | ExpectStep;

/** What to send and what to wait for, in order: at least one send, and the last step waits. Made by `createExchange`. */
export interface Exchange {
  readonly name?: string;
  /** The name of its framing in `@socklab/framing`. */
  readonly framing?: string;
  readonly steps: readonly Step[];
}

/** An offset in the bytes of one burst, `0 < cut < length`: a piece ends there and the next one begins. */
export type Cut = number;

/** Bytes that go out in one write. */
export type Piece = Span;

/** How one burst is sent: its pieces are contiguous and cover it. */
export interface Segmentation {
  readonly pieces: readonly Piece[];
}

/**
 * Bytes that are sent without waiting for an answer in between: one send of the exchange, or several that are glued.
 * They are `burstBytes(exchange, burst)`.
 */
export interface Burst extends Segmentation {
  readonly kind: 'burst';
  /** The sends, in order, counted among the sends of the exchange; the same one may occur several times. */
  readonly sends: readonly number[];
  /** Whether our side of the connection ends after the last piece. */
  readonly end: boolean;
  /** Silence after each piece but the last, in milliseconds, after it was read. @defaultValue 0 */
  readonly pauseMs?: number;
  /** Whether another connection sends its own first piece of the same behind the first piece here, and its rest after the answer here. */
  readonly isInterleaved?: boolean;
}

/** A wait for one answer, or for the answers of several glued sends together. Its end: `untilOf(exchange, wait)`. */
export interface Await {
  readonly kind: 'await';
  /**
   * The answers of the control that this one must equal, joined: indices into `Observation.received` of the
   * control with the same `repeat`. Rounds repeat what follows the first send, so a greeting before it is awaited
   * once.
   */
  readonly answers: readonly number[];
}

export type TrialStep = Burst | Await;

/** The work of one connection. Plain JSON, without the bytes; the same exchange, plans and seed make the same trials. */
export interface Trial {
  /** Unique in a campaign and stable: the plan and its position there, `every-cut#17`. */
  readonly id: string;
  /** Position in the whole campaign, from 0, also in a shard. −1 for controls and steps of shrinking. */
  readonly index: number;
  /** The plan that made it, as written: `glue:2`. */
  readonly plan: string;
  readonly seed: number;
  /** The number of rounds of the exchange on the connection. The control of a trial has as many, one after the other. */
  readonly repeat: number;
  readonly steps: readonly TrialStep[];
}

/** The state of a connection at the end of the trial. `timeout`: an answer did not arrive in time. */
export type Ending = 'open' | 'fin' | 'reset' | 'timeout';

/** The fate of one piece. */
export interface PieceObservation {
  readonly bytes: number;
  /** Whether the peer is known to have read it before the next piece was sent. */
  readonly confirmed: boolean;
  readonly waitedMs: number;
}

/** The observation of one trial. */
export interface Observation {
  /** One entry for each wait that was reached; bytes after the last wait belong to the last entry. */
  readonly received: readonly Bytes[];
  readonly ended: Ending;
  readonly durationMs: number;
  /** Whether every piece but the last of each burst was confirmed. A single piece needs no confirmation. */
  readonly confirmed: boolean;
  readonly pieces: readonly PieceObservation[];
  /** Whether the peer sent more than the limit and the rest was dropped. */
  readonly overflowed?: boolean;
  /** Whether the trial's time was up while the peer still read piece after piece: then it shows nothing. */
  readonly cutShort?: boolean;
  /** Whether a complete answer arrived before the last piece of its request was sent. */
  readonly early?: boolean;
  /** Why the exchange could not go on, other than a wait: a capture that found nothing. */
  readonly fault?: string;
}

/**
 * How a trial failed. `closed` is an end (FIN) that the control did not have, `hang` an answer that never arrived, `not-refused` bytes
 * that a decoder of the torture suite accepted and must refuse.
 */
export type FailureKind =
  | 'hang'
  | 'reset'
  | 'closed'
  | 'wrong-bytes'
  | 'missing-bytes'
  | 'extra-bytes'
  | 'error-reply'
  | 'target-died'
  | 'other-order'
  | 'not-refused';

/** Every {@link FailureKind}, for tables and tests. */
export const FAILURE_KINDS: readonly FailureKind[] = [
  'hang',
  'reset',
  'closed',
  'wrong-bytes',
  'missing-bytes',
  'extra-bytes',
  'error-reply',
  'target-died',
  'other-order',
  'not-refused',
];

export interface Fail {
  readonly kind: 'fail';
  readonly failure: FailureKind;
  /** Which wait of the trial, from 0. */
  readonly answer: number;
  /** Offset of the first difference in that answer, in bytes, after masking. */
  readonly at: number;
  /** One sentence: what was received, and what the control had. */
  readonly detail: string;
}

/** `unconfirmed`: the answer is right, but the peer may have read the pieces together. `flaky`: it failed, and did not fail again. */
export type Verdict =
  | { readonly kind: 'pass' }
  | Fail
  | { readonly kind: 'unconfirmed' }
  | { readonly kind: 'flaky'; readonly detail: string };

export type VerdictKind = Verdict['kind'];

/** Every {@link VerdictKind}, for tables and tests. */
export const VERDICT_KINDS: readonly VerdictKind[] = ['pass', 'fail', 'unconfirmed', 'flaky'];

/** The outcome of a whole campaign: `outcomeOf` has the rule, `exitCodeOf` the exit codes. */
export type Outcome = 'control-failed' | 'flaky' | 'fail' | 'unconfirmed' | 'pass';

/** A likely cause, inferred from which cuts fail. */
export type Bug =
  | 'header-one-recv'
  | 'payload-one-recv'
  | 'each-part-one-recv'
  | 'recv-is-message'
  | 'text-per-chunk'
  | 'delimiter-per-chunk'
  | 'first-message-only'
  | 'leftover-lost'
  | 'shared-between-connections'
  | 'silence-is-end'
  | 'no-limit'
  | 'end-unnoticed';

/** `certain`: the pattern matches this bug alone. `likely`: it matches this one best. `possible`: too little was tried. */
export type Confidence = 'certain' | 'likely' | 'possible';

export interface Diagnosis {
  readonly bug: Bug;
  readonly confidence: Confidence;
  /** What the bug is, in one sentence. */
  readonly sentence: string;
  /** The pattern that indicates it, in one sentence. */
  readonly evidence: string;
}
