import type { Peer } from '../peers.ts';

/** A peer that the operator can address. */
export interface KnownPeer {
  /** Stable while the peer is known; the operator writes `#3`. */
  readonly number: number;
  readonly peer: Peer;
  /** The name it chose. Empty: none. */
  readonly name: string;
  /** Datagrams received from it. */
  readonly datagramsIn: number;
  /** Whether it may be sent datagrams without asking. */
  readonly isProven: boolean;
}

/** The peers that an operator speaks to. */
export interface Audience {
  /** All known peers, least recently active first. */
  list(): readonly KnownPeer[];
  /** Sends a text to one of them, unasked; returns why not, when it cannot. */
  tell(to: KnownPeer, text: string): string | undefined;
  /** Sends a text to all who may get one; returns how many peers and groups, or why not. */
  tellAll(text: string): number | string;
  /** Blocks a peer; false when too many are blocked. */
  block(peer: Peer): boolean;
  /** Ends the service. */
  quit(): void;
}
