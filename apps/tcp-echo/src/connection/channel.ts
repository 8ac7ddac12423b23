import type { EndReason, Peer, Session } from '../session.ts';
import type { ByteCodec } from '@socklab/framing';
import type { Logger, MemoryBudget } from '@socklab/service';
import type { Socket } from 'node:net';

/** Who is told how the session of a channel goes. */
export interface ChannelOwner {
  readonly id: number;
  readonly peer: Peer;
  readonly address: string;
  /** The peer has ended its side, or the connection is gone: also before the session has begun. */
  peerEnded(): void;
  /** The session came to its end. */
  sessionEnded(reason: EndReason): void;
  /** Something went wrong; told once, and not after `sessionEnded`. */
  sessionFailed(error: unknown): void;
}

/** How one connection carries its session. */
export interface Channel {
  readonly socket: Socket;
  readonly messagesIn: number;
  readonly messagesOut: number;
  /** Bytes to be sent that the system has not taken. */
  readonly pendingBytes: number;
  /** Bytes of a message whose rest has not come. */
  readonly partialBytes: number;
  /** Bytes of memory that the budget is charged with for it. */
  readonly memoryBytes: number;
  /** Begins the session; the owner is told how it ends. */
  serve(): void;
  /** Hands the session nothing more: it ends with what it has. */
  stop(): void;
  /** Gives its part of the budget back: the socket was destroyed. */
  forget(): void;
  /** Sends one message beside the session. */
  say(message: Uint8Array): Promise<void>;
}

/** What all channels of a service have in common. */
export interface ChannelOptions {
  readonly session: Session;
  readonly codec: ByteCodec;
  readonly log: Logger;
  readonly draining: AbortSignal;
  /** Bytes read before the session asks for them, as while a client waits in line. */
  readonly readAheadBytes: number;
  readonly maxPendingBytes: number;
  readonly budget: MemoryBudget;
  /** How long a message may stay incomplete; 0 is for ever. */
  readonly frameTimeoutMs: number;
}
