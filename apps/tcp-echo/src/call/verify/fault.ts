/**
 * How a connection of a load can go wrong.
 *
 * | kind              | meaning                                                                          |
 * | ----------------- | -------------------------------------------------------------------------------- |
 * | `connect-failed`  | refused, unreachable, not trusted …                                              |
 * | `connect-timeout` | no connection in time                                                            |
 * | `closed`          | the server ended its side while the load was going on                            |
 * | `reset`           | the server reset the connection                                                  |
 * | `answer-timeout`  | nothing was answered in time while an answer was awaited                         |
 * | `mismatch`        | an answer is not what was sent                                                   |
 * | `unexpected`      | bytes came that answer nothing                                                   |
 * | `frame-error`     | the bytes that came break the framing                                            |
 * | `socket-error`    | another error of the socket                                                      |
 */
export type FaultKind =
  | 'connect-failed'
  | 'connect-timeout'
  | 'closed'
  | 'reset'
  | 'answer-timeout'
  | 'mismatch'
  | 'unexpected'
  | 'frame-error'
  | 'socket-error';

/** Every {@link FaultKind}: the keys of `errors` in a report. */
export const FAULT_KINDS: readonly FaultKind[] = [
  'connect-failed',
  'connect-timeout',
  'closed',
  'reset',
  'answer-timeout',
  'mismatch',
  'unexpected',
  'frame-error',
  'socket-error',
];

/** Faults after which nothing the server says can be trusted: the whole load ends. */
export const FATAL_KINDS: ReadonlySet<FaultKind> = new Set<FaultKind>(['mismatch', 'unexpected', 'frame-error']);

/** What went wrong on one connection. */
export interface Fault {
  readonly kind: FaultKind;
  /** One line for people: what was seen, and what was expected. */
  readonly text: string;
  /** Which message of the connection it happened to, from 1. */
  readonly message?: number;
  /** Where the first wrong byte is: without a framing in everything received, with one in the message. */
  readonly offset?: number;
  /** The bytes that should have come there, at most 16, in hex. */
  readonly expectedHex?: string;
  /** The bytes that came there, at most 16, in hex. */
  readonly seenHex?: string;
}
