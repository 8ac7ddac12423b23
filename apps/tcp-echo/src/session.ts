import type { Bytes } from '@socklab/framing';
import type { FramedSocket } from '@socklab/framing/node';
import type { Logger } from '@socklab/service';

/** How a conversation ends when nothing goes wrong. */
export type EndReason =
  /** The session was over: greeted and answered, or all was sent. */
  | 'served'
  /** The peer ended its side. */
  | 'peer-ended'
  /** One side said the quit word. */
  | 'quit'
  /** The operator was asked and had nothing more to say. */
  | 'operator-left'
  /** The operator went on to the next client. */
  | 'operator-next'
  /** The service is draining. */
  | 'drain';

/** The other end of a connection. `host` is empty on a unix socket. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** One accepted connection, as a session sees it that speaks in messages. */
export interface Conversation {
  /** Number of the connection, from 1 in order of arrival; workers count in steps of their number, so that no two are the same. */
  readonly id: number;
  readonly peer: Peer;
  /** `127.0.0.1:50000`; empty on a unix socket. */
  readonly address: string;
  readonly log: Logger;
  /** Ends, as if the peer had ended its side, when the service begins to drain. */
  readonly messages: FramedSocket<Bytes, Uint8Array>;
  /** Aborts when the service begins to drain: finish what is under way, then return. */
  readonly draining: AbortSignal;
}

/** One accepted connection, as a session sees it that takes bytes as they come. */
export interface Stream {
  /**
   * Sends the first `byteLength` bytes of `memory`, which may be overwritten after the call.
   *
   * @returns false when the peer does not keep up: it is not read until it has taken what was sent, then `drained` is called.
   */
  write(memory: Uint8Array, byteLength: number): boolean;
  /** Sends bytes that nobody changes any more; else as {@link Stream.write}. */
  send(bytes: Uint8Array): boolean;
  /**
   * Sends bytes that may be overwritten after the call, unless `release` is called within it: then nobody may change them any more. Else
   * as {@link Stream.write}, and quicker for many bytes at a time.
   */
  lend(bytes: Uint8Array, release: () => void): boolean;
  /** The session is over: what was sent goes out, then the connection ends. */
  finish(reason: EndReason): void;
}

/** What a stream session does with one connection. What it throws ends the connection, and is logged. */
export interface StreamHandler {
  /** The first `byteLength` bytes of `memory` arrived. They are overwritten after the call: copy what is kept. */
  bytes(memory: Buffer, byteLength: number): void;
  /** The peer ended its side. Sending still works. */
  ended(): void;
  /** The peer has taken all that was sent, after `write` or `send` had said that it does not keep up. */
  drained?(): void;
  readonly messagesIn: number;
  readonly messagesOut: number;
  /** Bytes of a message whose rest has not come. */
  readonly partialBytes: number;
}

interface SessionRules {
  readonly name: string;
  /** Whether a client that ended its side while it waited in line, after it said something, is still served. */
  readonly servesHalfClosed: boolean;
}

/** A session that speaks in messages, when it wants to. */
export interface ConversationSession extends SessionRules {
  readonly kind: 'conversation';
  /** Leads one conversation to its end. Throws what the connection throws; the caller closes it. */
  serve(conversation: Conversation): Promise<EndReason>;
}

/** A session that only answers what comes, as it comes: no promise, no event, no memory for each read. */
export interface StreamSession extends SessionRules {
  readonly kind: 'stream';
  /** Begins with one connection, before its first bytes. */
  open(stream: Stream): StreamHandler;
}

/** One kind of session: a file of its own beside this one, and a line in `index.ts`. */
export type Session = ConversationSession | StreamSession;

/** Shows a peer as Python's `print(address)` does. */
export function formatPeer({ address, port }: Peer): string {
  return address === '' ? 'unix socket' : `('${address}', ${port})`;
}
