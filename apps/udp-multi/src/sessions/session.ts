import type { DropReason } from '../gate/drop-reasons.ts';
import type { KnownPeer } from '../operator/audience.ts';
import type { Peer } from '../peers.ts';
import type { Logger } from '@socklab/service';

/** An admitted datagram. */
export interface Datagram {
  /** Its bytes, 0 to 65,507 (65,527 over IPv6); the session may keep them. */
  readonly payload: Uint8Array;
  readonly peer: Peer;
  /** With `--framing`: the payloads of its frames. */
  readonly messages?: readonly Uint8Array[] | undefined;
}

/** What a session can do. Each received datagram ends in exactly one of `reply`, `ignore`, `take` and `drop`. */
export interface Channel<Received extends Datagram = Datagram> {
  readonly log: Logger;
  /** Longest answer to this datagram, in bytes: what a datagram can carry, or, to an unproven address, its own length. */
  limit(datagram: Received): number;
  /** Sends to the datagram's sender, from the socket that received it. An answer longer than {@link Channel.limit} is dropped. */
  reply(datagram: Received, payload: Uint8Array): void;
  /** Ends it without an answer, because it is the quit word. */
  ignore(datagram: Received): void;
  /** Ends it without an answer, because it needs none. */
  take(datagram: Received): void;
  /** Ends it without an answer, counted with the reason. */
  drop(datagram: Received, reason: DropReason): void;
  /** Whether its source address counts as proven: see `--trust`. */
  isProven(datagram: Received): boolean;
  /** Sends to the sender of an earlier datagram, unasked: only if its address is proven, by {@link Channel.isProven} or a cookie. */
  copy(contact: Received, payload: Uint8Array): void;
  /** Counts copies that were not sent. */
  lost(copies: number): void;
  /** Sends to the multicast groups and broadcast addresses of the service; returns how many there are. */
  announce(payload: Uint8Array): number;
  /** Blocks a peer; false when too many peers are blocked. */
  block(peer: Peer): boolean;
  /** Reports how many datagrams wait for their turn. */
  waiting(count: number): void;
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** Ends the service: as requested, or with a fatal error. */
  finish(error?: Error): void;
}

/**
 * Handles the datagrams: a file beside this one, and a line in `index.ts`. It returns to the channel the very
 * objects it received, whatever else they contain.
 */
export interface Session<Received extends Datagram = Datagram> {
  /** Takes the next datagram. Never throws or waits: what takes time is the session's own concern. */
  receive(datagram: Received): void;
  /** Called once, at the end: no more datagrams arrive, and waiting ones must be ended now. */
  close(): void;
  /** Resolves when everything is sent, or when the signal aborts. */
  delivered?(signal: AbortSignal): Promise<void>;
  /** Whether the datagram itself proves its source. Called before {@link Session.receive}, for every unproven sender: cheap. */
  vouchesFor?(payload: Uint8Array, peer: Peer): boolean;
  /** The currently known peers, least recently active first. */
  peers?(): readonly KnownPeer[];
  /** How many of them joined. */
  memberCount?(): number;
}
