import type { Bytes } from '@socklab/framing';
import type { FramedSocket } from '@socklab/framing/node';
import type { Logger } from '@socklab/service';

/** How a conversation ends when nothing goes wrong. */
export type EndReason =
  /** The session was over: greeted and answered. */
  | 'served'
  /** The peer ended its side. */
  | 'peer-ended'
  /** One side said the quit word. */
  | 'quit'
  /** The operator was asked and had nothing more to say. */
  | 'operator-left'
  /** The service is draining. */
  | 'drain';

/** The other end of a connection. `host` is empty on a unix socket. */
export interface Peer {
  readonly host: string;
  readonly port: number;
}

/** One accepted connection, as a session sees it. */
export interface Conversation {
  readonly peer: Peer;
  readonly log: Logger;
  /** Ends, as if the peer had ended its side, when the service begins to drain. */
  readonly messages: FramedSocket<Bytes, Uint8Array>;
  /** Aborts when the service begins to drain: finish what is under way, then return. */
  readonly draining: AbortSignal;
}

/** One kind of conversation: a file of its own beside this one, and a line in `index.ts`. */
export interface Session {
  readonly name: string;
  /** Whether a client that ended its side while it waited in line, after it said something, is still served. */
  readonly servesHalfClosed: boolean;
  /** Leads one conversation to its end. Throws what the connection throws; the caller closes it. */
  serve(conversation: Conversation): Promise<EndReason>;
}

/** Shows a peer as Python's `print(address)` does. */
export function formatPeer({ host, port }: Peer): string {
  return host === '' ? 'unix socket' : `('${host}', ${port})`;
}
