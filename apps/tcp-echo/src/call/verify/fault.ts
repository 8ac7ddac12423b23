/**
 * How a connection of a load can fail.
 *
 * | kind              | meaning                                                                          |
 * | ----------------- | -------------------------------------------------------------------------------- |
 * | `connect-failed`  | refused, unreachable, not trusted …                                              |
 * | `connect-timeout` | no connection in time                                                            |
 * | `closed`          | the server ended its side during the load                                        |
 * | `reset`           | the server reset the connection                                                  |
 * | `answer-timeout`  | an awaited answer did not arrive in time                                         |
 * | `mismatch`        | an answer differs from what was sent                                             |
 * | `unexpected`      | bytes arrived that answer nothing                                                |
 * | `frame-error`     | the received bytes break the framing                                             |
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

/** Faults after which no answer of the server can be trusted: the whole load ends. */
export const FATAL_KINDS: ReadonlySet<FaultKind> = new Set<FaultKind>(['mismatch', 'unexpected', 'frame-error']);

/** What went wrong on one connection. */
export interface Fault {
  readonly kind: FaultKind;
  /** One line for people: what was seen, and what was expected. */
  readonly text: string;
  /** The number of the message on its connection, from 1. */
  readonly message?: number;
  /** Offset of the first wrong byte: without a framing in everything received, with one in the message. */
  readonly offset?: number;
  /** The expected bytes there, at most 16, in hex. */
  readonly expectedHex?: string;
  /** The received bytes there, at most 16, in hex. */
  readonly seenHex?: string;
}
