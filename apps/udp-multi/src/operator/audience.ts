import type { Peer } from '../peers.ts';

/** A peer that an operator can name. */
export interface KnownPeer {
  /** Stable as long as the peer is known; the operator writes `#3`. */
  readonly number: number;
  readonly peer: Peer;
  /** What it calls itself. Empty: nothing. */
  readonly name: string;
  /** Datagrams that came from it. */
  readonly datagramsIn: number;
  /** Whether it may be sent what it did not ask for. */
  readonly isProven: boolean;
}

/** Those an operator speaks to. */
export interface Audience {
  /** Everybody who is known, the one longest silent first. */
  list(): readonly KnownPeer[];
  /** Sends a text to one of them, unasked; the reason why not, when it cannot. */
  tell(to: KnownPeer, text: string): string | undefined;
  /** Sends a text to all who may be sent one; the number of them and of groups, or the reason why not. */
  tellAll(text: string): number | string;
  /** Hears a peer no more; false when too many are blocked. */
  block(peer: Peer): boolean;
  /** Ends the service. */
  quit(): void;
}
