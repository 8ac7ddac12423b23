import type { EndReason, Peer, Session } from '../session.ts';
import type { ByteCodec } from '@socklab/framing';
import type { Logger, MemoryBudget } from '@socklab/service';
import type { Socket } from 'node:net';

/** Callbacks for the session of a channel. */
export interface ChannelOwner {
  readonly id: number;
  readonly peer: Peer;
  readonly address: string;
  /** The peer has ended its side, or the connection is closed: also before the session has begun. */
  peerEnded(): void;
  /** The session has ended. */
  sessionEnded(reason: EndReason): void;
  /** An error; called once, and not after `sessionEnded`. */
  sessionFailed(error: unknown): void;
}

/** How one connection carries its session. */
export interface Channel {
  readonly socket: Socket;
  readonly messagesIn: number;
  readonly messagesOut: number;
  /** Bytes to send that the system has not taken. */
  readonly pendingBytes: number;
  /** Bytes of an incomplete message. */
  readonly partialBytes: number;
  /** Bytes of memory charged to the budget for it. */
  readonly memoryBytes: number;
  /** Starts the session; the callbacks report how it ends. */
  serve(): void;
  /** Delivers nothing more to the session: it ends with what it has. */
  stop(): void;
  /** Returns its charge to the budget: the socket was destroyed. */
  forget(): void;
  /** Sends one message besides the session. */
  say(message: Uint8Array): Promise<void>;
}

/** What all channels of a service share. */
export interface ChannelOptions {
  readonly session: Session;
  readonly codec: ByteCodec;
  readonly log: Logger;
  readonly draining: AbortSignal;
  /** Bytes read before the session asks for them, for example while a client waits in the queue. */
  readonly readAheadBytes: number;
  readonly maxPendingBytes: number;
  readonly budget: MemoryBudget;
  /** How long a message may stay incomplete; 0 is forever. */
  readonly frameTimeoutMs: number;
}
