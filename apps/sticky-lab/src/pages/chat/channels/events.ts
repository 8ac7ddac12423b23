import type { Text } from '@socklab/lab';

/** The settings of a chat. */
export interface ChatPlan {
  readonly transport: 'tcp' | 'udp';
  /** The peer, as given: `127.0.0.1:9000`. */
  readonly address: string;
  /** The framing of messages; UDP has none: each message is a datagram. */
  readonly framing: string | null;
  /** Whether it is a member of a room, and does not only send datagrams. */
  readonly isRoom: boolean;
  /** Its name for the other members. */
  readonly name: string;
  /** The word that ends the chat from either side, and is sent before leaving; empty: none. */
  readonly quit: string;
}

/** One message on the wire. */
export interface Wire {
  /** The first bytes, at most `MAX_WIRE_BYTES`. */
  readonly hex: string;
  readonly byteLength: number;
  /** How many bytes the text itself has. */
  readonly textBytes: number;
  /** Offset of the text in the bytes; `null` when it is not there unchanged in one piece. */
  readonly textAt: number | null;
}

/** The sender of a message. A member without a name has only its number. */
export type ChatSpeaker =
  | { readonly type: 'peer' }
  | { readonly type: 'member'; readonly number: number; readonly name: string }
  | { readonly type: 'operator' };

/** The reads of the stream that brought the bytes of a message, counted from 1. Glued messages have the same one. */
export interface ReadRange {
  readonly first: number;
  readonly last: number;
}

/** Why a chat is over. */
export type ChatEndReason =
  /** On request. */
  | 'left'
  /** One side sent the quit word. */
  | 'quit'
  | 'peer-ended'
  | 'reset'
  /** Silence for too long. */
  | 'idle'
  /** The most messages of a chat were reached. */
  | 'limit'
  | 'failed';

/** An event of a chat; `at` is in milliseconds since 1970. The first event is `opening`, the last one `ended`. */
export type ChatEvent = { readonly at: number } & (
  | { readonly type: 'opening'; readonly plan: ChatPlan }
  | { readonly type: 'connected'; readonly local: string; readonly remote: string }
  /** A message of the room protocol before anything is said. */
  | { readonly type: 'handshake'; readonly direction: 'sent' | 'received'; readonly message: string; readonly wire: Wire }
  /** The room has accepted the member, or accepted it again. */
  | { readonly type: 'joined'; readonly member: number }
  /** The room no longer answers; requests go on. */
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

/** A message sent by the chat itself. */
export interface ChatSent {
  readonly type: 'sent';
  readonly text: string;
  readonly wire: Wire;
}

/** The result of a chat. */
export interface ChatResult {
  readonly sent: number;
  readonly received: number;
}

/** Most bytes of a message that are shown. */
export const MAX_WIRE_BYTES = 1024;

/** Longest text of one message, in bytes. */
export const MAX_TEXT_BYTES = 1024;
