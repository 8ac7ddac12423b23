import type { Bytes } from '@socklab/framing';
import type { FramedSocket } from '@socklab/framing/node';
import type { Logger } from '@socklab/service';

/** How a conversation ends without an error. */
export type EndReason =
  /** The session was finished: greeted and answered, or everything was sent. */
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

/** The peer of a connection. `host` is empty on a unix socket. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** An accepted connection, for a session that exchanges messages. */
export interface Conversation {
  /** Number of the connection, from 1 in order of arrival; with workers, their numbers interleave, so that no two are the same. */
  readonly id: number;
  readonly peer: Peer;
  /** `127.0.0.1:50000`; empty on a unix socket. */
  readonly address: string;
  readonly log: Logger;
  /** Its messages, which end, as if the peer had ended its side, when the service begins to drain. */
  readonly messages: FramedSocket<Bytes, Uint8Array>;
  /** Aborts when the service begins to drain: finish the current work, then return. */
  readonly draining: AbortSignal;
}

/** An accepted connection, for a session that takes bytes as they arrive. */
export interface Stream {
  /**
   * Sends the first `byteLength` bytes of `memory`, which may be overwritten after the call.
   *
   * @returns false when the peer does not keep up: it is not read until it has taken what was sent, then `drained` is called.
   */
  write(memory: Uint8Array, byteLength: number): boolean;
  /** Sends bytes that never change again; otherwise as {@link Stream.write}. */
  send(bytes: Uint8Array): boolean;
  /**
   * Sends bytes that may be overwritten after the call, unless `release` is called within it: then they must not change any more.
   * Otherwise as {@link Stream.write}, and faster for many bytes at a time.
   */
  lend(bytes: Uint8Array, release: () => void): boolean;
  /** Ends the session: everything sent is delivered, then the connection ends. */
  finish(reason: EndReason): void;
}

/** A stream session for one connection. Anything it throws ends the connection, and is logged. */
export interface StreamHandler {
  /** The first `byteLength` bytes of `memory` arrived. They are overwritten after the call: copy what is kept. */
  bytes(memory: Buffer, byteLength: number): void;
  /** The peer ended its side. Sending still works. */
  ended(): void;
  /** The peer has taken everything sent, after `write` or `send` had returned false. */
  drained?(): void;
  readonly messagesIn: number;
  readonly messagesOut: number;
  /** Bytes of an incomplete message. */
  readonly partialBytes: number;
}

interface SessionRules {
  readonly name: string;
  /** Whether a client that sent something and ended its side while it waited in the queue is still served. */
  readonly servesHalfClosed: boolean;
}

/** A session that exchanges messages, at its own pace. */
export interface ConversationSession extends SessionRules {
  readonly kind: 'conversation';
  /** Runs one conversation. Throws what the connection throws; the caller closes it. */
  serve(conversation: Conversation): Promise<EndReason>;
}

/** A session that only answers what arrives: no promise, event or memory for each read. */
export interface StreamSession extends SessionRules {
  readonly kind: 'stream';
  /** Starts a connection, before its first bytes. */
  open(stream: Stream): StreamHandler;
}

/** One kind of session: a file beside this one, and a line in `index.ts`. */
export type Session = ConversationSession | StreamSession;

/** Prints a peer as Python's `print(address)` does. */
export function formatPeer({ address, port }: Peer): string {
  return address === '' ? 'unix socket' : `('${address}', ${port})`;
}
