import type { Logger } from '@socklab/service';
import type { DropReason } from '../metrics.ts';
import type { Peer } from '../peers.ts';

/** A datagram that was admitted. */
export interface Datagram {
  /** Its bytes, 0 to 65,507 of them (65,527 over IPv6); the session's own to keep. */
  readonly payload: Uint8Array;
  readonly peer: Peer;
}

/** What a session can do. Each datagram it received ends in exactly one of `reply`, `ignore` and `drop`. */
export interface Exchange<Received extends Datagram = Datagram> {
  readonly log: Logger;
  /** Sends to the datagram's own sender, from the socket it came to. */
  reply(datagram: Received, payload: Uint8Array): void;
  /** Ends it without an answer, because none is wanted. */
  ignore(datagram: Received): void;
  /** Ends it without an answer, counted with the reason. */
  drop(datagram: Received, reason: DropReason): void;
  /** Tells how many datagrams wait for their turn. */
  waiting(count: number): void;
  /** Ends the service: as asked for, or with the error that makes it impossible to go on. */
  finish(error?: Error): void;
}

/**
 * What becomes of the datagrams: a file of its own beside this one, and a line in `index.ts`. It gives back to the
 * exchange the very objects it received, whatever else they carry.
 */
export interface Session<Received extends Datagram = Datagram> {
  /** Takes the next datagram. Never throws and never waits: whatever takes time is the session's own affair. */
  receive(datagram: Received): void;
  /** Called once, at the end: no datagram comes any more, and those that wait are to be ended now. */
  close(): void;
}
