import type { ChatEndReason, ChatSpeaker, ReadRange, Wire } from './events.ts';
import type { ChatFailure } from './failure.ts';

/** The way to a peer, once it is open. */
export interface ChatChannel {
  /**
   * Sends one message.
   *
   * @returns what it is on the wire.
   * @throws FrameError when the framing cannot carry it; Refusal when the peer does not take what was sent before.
   */
  say(payload: Uint8Array): Wire;
  /** Ends our side, and closes when the peer has ended its own, or takes too long. What comes meanwhile is heard. */
  close(): Promise<void>;
}

/** Who is told what comes over a {@link ChatChannel}. */
export interface ChatListener {
  connected(local: string, remote: string): void;
  handshake(direction: 'sent' | 'received', message: string, wire: Wire): void;
  joined(member: number): void;
  absent(): void;
  heard(from: ChatSpeaker, payload: Uint8Array, wire: Wire, reads: ReadRange | null): void;
  /** Nothing more can be said. The first reason counts. */
  over(reason: Extract<ChatEndReason, 'peer-ended' | 'reset'> | ChatFailure): void;
}

/** What opens a {@link ChatChannel}. */
export interface ChatChannelOptions {
  /** Numeric. */
  readonly host: string;
  readonly port: number;
  /** What to call the peer in messages. */
  readonly address: string;
  readonly listener: ChatListener;
  /** Gives up opening. */
  readonly signal: AbortSignal;
}

/** How long connecting, or joining a room, may take, in milliseconds. */
export const OPEN_TIMEOUT_MS = 5000;
