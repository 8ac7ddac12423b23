/**
 * What a probe is made of. All of it is plain, so that it can be planned, compared, shrunk and reported without a socket.
 *
 * ```
 * Exchange --plans--> Trial (bursts of pieces, waits) --delivery--> Observation --compare--> Verdict --> ProbeReport
 * ```
 *
 * An *answer* is what arrives during one wait. Answers are counted from 0 in the order in which the exchange waits for them.
 */

/** Bytes of a request or an answer. Never changed once they are here. */
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
  /** Where the length lies, when the framing has one. */
  readonly length?: Span;
}

/** How the end of an answer is known. `control` waits for as many bytes as the control brought, or for the end where it ended. */
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

/** A place in a send that is filled on each connection: with its number, where the name is `trial`, or with a capture. */
export interface Slot extends Span {
  readonly name: string;
}

/** Bytes of an answer that are sent back later. */
export interface Capture {
  readonly name: string;
  /** How many bytes it has: always as many, so that what is sent keeps its length. */
  readonly bytes: number;
  /** Where they begin in the answer; or the pattern, read as latin1, of which the first group is taken, or all. */
  readonly at?: number;
  readonly pattern?: RegExp;
}

/** Makes what is sent of what was captured on the same connection, in as many bytes as the send has. */
export type Reply = (captured: ReadonlyMap<string, Bytes>) => Bytes;

/** Bytes that go out, whole or in pieces. */
export interface SendStep {
  readonly send: Bytes;
  /** The frames in `send`, when a framing was given: they follow each other without a gap and cover it. */
  readonly frames?: readonly FrameSpan[];
  /** Whether our side of the connection ends (FIN) after these bytes. */
  readonly end?: boolean;
  /**
   * Whether these bytes may share a write with the send before them: `true` also where an answer is awaited in between, `false` never.
   * Without it they may where nothing is awaited, as what comes before an answer may be something else than what comes after it.
   */
  readonly glue?: boolean;
  /** `false`: these bytes are never cut. @defaultValue true */
  readonly cut?: boolean;
  /** What is other on every connection. */
  readonly slots?: readonly Slot[];
  /** What is sent instead, computed. */
  readonly reply?: Reply;
}

/** A wait for an answer. */
export interface ExpectStep {
  readonly expect: Until;
  readonly captures?: readonly Capture[];
}

export type Step = SendStep | ExpectStep;

/** What is sent and what is waited for, in order: at least one send, and the last step waits. Made by `createExchange`. */
export interface Exchange {
  readonly name?: string;
  /** The framing that found the frames, by its name in `@socklab/framing`. */
  readonly framing?: string;
  readonly steps: readonly Step[];
}

/** An offset in the bytes of one burst, `0 < cut < length`: a piece ends there and the next one begins. */
export type Cut = number;

/** Bytes that go out in one write. */
export type Piece = Span;

/** How one burst is sent: its pieces follow each other without a gap and cover it. */
export interface Segmentation {
  readonly pieces: readonly Piece[];
}

/**
 * What is sent without waiting for an answer in between: one send of the exchange, or several that are glued. Its bytes
 * are `burstBytes(exchange, burst)`.
 */
export interface Burst extends Segmentation {
  readonly kind: 'burst';
  /** Which sends, in order, counted among the sends of the exchange; one may come more than once. */
  readonly sends: readonly number[];
  /** Whether our side of the connection ends after the last piece. */
  readonly end: boolean;
  /** How long nothing is sent behind each piece but the last, in milliseconds, after it was read. @defaultValue 0 */
  readonly pauseMs?: number;
  /** Whether another connection sends its own first piece of the same behind the first piece here, and its rest after the answer here. */
  readonly isInterleaved?: boolean;
}

/** A wait for one answer, or for the answers of several glued sends together. What ends it: `untilOf(exchange, wait)`. */
export interface Await {
  readonly kind: 'await';
  /**
   * Which answers of the control this one must equal, joined: indices into `Observation.received` of the control with
   * the same `repeat`. Rounds repeat what follows the first send, so a greeting before it is awaited once.
   */
  readonly answers: readonly number[];
}

export type TrialStep = Burst | Await;

/** One connection's worth of work. Plain JSON, without the bytes; the same exchange, plans and seed make the same trials. */
export interface Trial {
  /** Unique in a campaign and stable: the plan and the trial's place in it, `every-cut#17`. */
  readonly id: string;
  /** Position in the whole campaign, from 0, also when only a shard of it runs. −1 for controls and steps of shrinking. */
  readonly index: number;
  /** The plan that made it, as it was written: `glue:2`. */
  readonly plan: string;
  readonly seed: number;
  /** How many rounds of the exchange are played on the connection. The control of a trial plays as many, one after the other. */
  readonly repeat: number;
  readonly steps: readonly TrialStep[];
}

/** How a connection stood when the trial was over. `timeout`: an answer did not come in time. */
export type Ending = 'open' | 'fin' | 'reset' | 'timeout';

/** What became of one piece. */
export interface PieceObservation {
  readonly bytes: number;
  /** Whether the peer is known to have read it before the next piece went out. */
  readonly confirmed: boolean;
  readonly waitedMs: number;
}

/** What happened in one trial. */
export interface Observation {
  /** One entry for each wait that was reached; what came after the last wait was over belongs to the last entry. */
  readonly received: readonly Bytes[];
  readonly ended: Ending;
  readonly durationMs: number;
  /** Whether every piece but the last of each burst was confirmed. One piece alone needs no confirmation. */
  readonly confirmed: boolean;
  readonly pieces: readonly PieceObservation[];
  /** Whether the peer sent more than the limit and the rest was thrown away. */
  readonly overflowed?: boolean;
  /** Whether the time of the trial was up while the peer still read piece after piece: then it says nothing. */
  readonly cutShort?: boolean;
  /** Whether a whole answer was there before the last piece of what it answers was sent. */
  readonly early?: boolean;
  /** Why the exchange could not go on, when it was no wait: a capture that found nothing. */
  readonly fault?: string;
}

/**
 * What a failing trial did. `closed` is an end (FIN) that the control did not have, `hang` an answer that never came, `not-refused` what a
 * decoder of the torture suite took and must refuse.
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
  /** Offset, in bytes, of the first difference in that answer, after masking. */
  readonly at: number;
  /** One sentence: what was seen, what the control had. */
  readonly detail: string;
}

/** `unconfirmed`: the answer is right, but the peer may have read the pieces in one go. `flaky`: it failed, and not again. */
export type Verdict =
  | { readonly kind: 'pass' }
  | Fail
  | { readonly kind: 'unconfirmed' }
  | { readonly kind: 'flaky'; readonly detail: string };

export type VerdictKind = Verdict['kind'];

/** Every {@link VerdictKind}, for tables and tests. */
export const VERDICT_KINDS: readonly VerdictKind[] = ['pass', 'fail', 'unconfirmed', 'flaky'];

/** What a whole campaign comes to: `outcomeOf` has the rule, `exitCodeOf` the exit codes. */
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

/** `certain`: the pattern fits this bug alone. `likely`: it fits this one best. `possible`: too little was tried to tell. */
export type Confidence = 'certain' | 'likely' | 'possible';

export interface Diagnosis {
  readonly bug: Bug;
  readonly confidence: Confidence;
  /** What the bug is, in one sentence. */
  readonly sentence: string;
  /** The pattern that speaks for it, in one sentence. */
  readonly evidence: string;
}
