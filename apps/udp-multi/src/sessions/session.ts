import type { DropReason } from '../gate/drop-reasons.ts';
import type { KnownPeer } from '../operator/audience.ts';
import type { Peer } from '../peers.ts';
import type { Logger } from '@socklab/service';

/** A datagram that was admitted. */
export interface Datagram {
  /** Its bytes, 0 to 65,507 of them (65,527 over IPv6); the session's own to keep. */
  readonly payload: Uint8Array;
  readonly peer: Peer;
  /** With `--framing`: the payloads of its frames. */
  readonly messages?: readonly Uint8Array[] | undefined;
}

/** What a session can do. Each datagram it received ends in exactly one of `reply`, `ignore`, `take` and `drop`. */
export interface Channel<Received extends Datagram = Datagram> {
  readonly log: Logger;
  /** Longest answer to this datagram, in bytes: what a datagram can carry, or, to an address that is not proven, its own length. */
  limit(datagram: Received): number;
  /** Sends to the datagram's own sender, from the socket it came to. Longer than {@link Channel.limit} it is dropped instead. */
  reply(datagram: Received, payload: Uint8Array): void;
  /** Ends it without an answer, because it is the quit word. */
  ignore(datagram: Received): void;
  /** Ends it without an answer, because it wants none. */
  take(datagram: Received): void;
  /** Ends it without an answer, counted with the reason. */
  drop(datagram: Received, reason: DropReason): void;
  /** Whether what its sender says of its address is believed: see `--trust`. */
  isProven(datagram: Received): boolean;
  /** Sends to the sender of an earlier datagram, unasked: only where its address is proven, by {@link Channel.isProven} or a cookie. */
  copy(contact: Received, payload: Uint8Array): void;
  /** Counts copies that were not sent. */
  lost(copies: number): void;
  /** Sends to the multicast groups and broadcast addresses of the service; returns how many there are. */
  announce(payload: Uint8Array): number;
  /** Answers a peer no more; false when too many are blocked already. */
  block(peer: Peer): boolean;
  /** Tells how many datagrams wait for their turn. */
  waiting(count: number): void;
  /** Milliseconds, of a clock that does not go back. */
  now(): number;
  /** Ends the service: as asked for, or with the error that makes it impossible to go on. */
  finish(error?: Error): void;
}

/**
 * What becomes of the datagrams: a file of its own beside this one, and a line in `index.ts`. It gives back to the
 * channel the very objects it received, whatever else they carry.
 */
export interface Session<Received extends Datagram = Datagram> {
  /** Takes the next datagram. Never throws and never waits: whatever takes time is the session's own affair. */
  receive(datagram: Received): void;
  /** Called once, at the end: no datagram comes any more, and those that wait are to be ended now. */
  close(): void;
  /** Resolves when what it has to send is sent, or when the signal aborts. */
  delivered?(signal: AbortSignal): Promise<void>;
  /** Whether the datagram proves by itself whose it is. Asked before {@link Session.receive}, of every sender that is not proven: cheap. */
  vouchesFor?(payload: Uint8Array, peer: Peer): boolean;
  /** Those it knows at the moment, the one longest silent first. */
  peers?(): readonly KnownPeer[];
  /** How many of them joined. */
  memberCount?(): number;
}
