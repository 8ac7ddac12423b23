import type { ChatEndReason, ChatSpeaker, ReadRange, Wire } from './events.ts';
import type { ChatFailure } from './failure.ts';

/** An open connection to a peer. */
export interface ChatChannel {
  /**
   * Sends one message.
   *
   * @returns what it is on the wire.
   * @throws FrameError when the framing cannot carry it; Refusal when the peer does not take what was sent before.
   */
  say(payload: Uint8Array): Wire;
  /** Ends our side, and closes when the peer has ended its side, or takes too long. Messages in between are delivered. */
  close(): Promise<void>;
}

/** Who is told what comes over a {@link ChatChannel}. */
export interface ChatListener {
  connected(local: string, remote: string): void;
  handshake(direction: 'sent' | 'received', message: string, wire: Wire): void;
  joined(member: number): void;
  absent(): void;
  heard(from: ChatSpeaker, payload: Uint8Array, wire: Wire, reads: ReadRange | null): void;
  /** No more messages are possible. The first reason counts. */
  over(reason: Extract<ChatEndReason, 'peer-ended' | 'reset'> | ChatFailure): void;
}

/** What opens a {@link ChatChannel}. */
export interface ChatChannelOptions {
  /** Numeric. */
  readonly host: string;
  readonly port: number;
  /** The name of the peer in messages. */
  readonly address: string;
  readonly listener: ChatListener;
  /** Cancels opening. */
  readonly signal: AbortSignal;
}

/** Timeout of connecting, or joining a room, in milliseconds. */
export const OPEN_TIMEOUT_MS = 5000;
