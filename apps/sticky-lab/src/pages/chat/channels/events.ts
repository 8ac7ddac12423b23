import type { Text } from '@socklab/lab';

/** What a chat was asked to be. */
export interface ChatPlan {
  readonly transport: 'tcp' | 'udp';
  /** The peer, as it was written: `127.0.0.1:9000`. */
  readonly address: string;
  /** How messages are framed; UDP has none: each message is a datagram. */
  readonly framing: string | null;
  /** Whether it is a member of a room, and not just somebody who sends datagrams. */
  readonly isRoom: boolean;
  /** What the others of the room call it. */
  readonly name: string;
  /** What ends the chat when either side says it, and is said before leaving; empty: nothing. */
  readonly quit: string;
}

/** What one message was on the wire. */
export interface Wire {
  /** The first bytes, at most `MAX_WIRE_BYTES`. */
  readonly hex: string;
  readonly byteLength: number;
  /** How many bytes the text itself has. */
  readonly textBytes: number;
  /** Where in the bytes the text begins; `null` where it is not there in one piece, byte by byte. */
  readonly textAt: number | null;
}

/** Who said something. A member without a name is known by its number alone. */
export type ChatSpeaker =
  | { readonly type: 'peer' }
  | { readonly type: 'member'; readonly number: number; readonly name: string }
  | { readonly type: 'operator' };

/** Which reads of the stream brought the bytes of a message, counted from 1. Messages that came glued have the same one. */
export interface ReadRange {
  readonly first: number;
  readonly last: number;
}

/** Why a chat is over. */
export type ChatEndReason =
  /** It was asked to leave. */
  | 'left'
  /** One side said the quit word. */
  | 'quit'
  | 'peer-ended'
  | 'reset'
  /** Nobody said anything for too long. */
  | 'idle'
  /** It had as many messages as one may have. */
  | 'limit'
  | 'failed';

/** What happens in a chat; `at` is in milliseconds since 1970. The first event is `opening`, the last one `ended`. */
export type ChatEvent = { readonly at: number } & (
  | { readonly type: 'opening'; readonly plan: ChatPlan }
  | { readonly type: 'connected'; readonly local: string; readonly remote: string }
  /** What a room is told, and tells, before anything is said. */
  | { readonly type: 'handshake'; readonly direction: 'sent' | 'received'; readonly message: string; readonly wire: Wire }
  /** The room took it in, or took it in again. */
  | { readonly type: 'joined'; readonly member: number }
  /** The room does not answer any more; it is asked on. */
  | { readonly type: 'absent' }
  | ChatSent
  | {
      readonly type: 'received';
      readonly from: ChatSpeaker;
      readonly text: string;
      readonly wire: Wire;
      /** `null` for a datagram: one is one read. */
      readonly reads: ReadRange | null;
    }
  | ({ readonly type: 'ended'; readonly reason: ChatEndReason; readonly text: Text } & ChatResult)
);

/** What was said by the chat itself. */
export interface ChatSent {
  readonly type: 'sent';
  readonly text: string;
  readonly wire: Wire;
}

/** What came of a chat. */
export interface ChatResult {
  readonly sent: number;
  readonly received: number;
}

/** Most bytes of a message that are shown. */
export const MAX_WIRE_BYTES = 1024;

/** Longest text of one message, in bytes. */
export const MAX_TEXT_BYTES = 1024;
