import type { JobStarted } from '../../http/jobs/contract.ts';
import type { ChatSent } from './lines/events.ts';

/** Conversations with services, through this one. */
export interface ChatRoutes {
  /**
   * Connects: a job of kind `chat`, whose events are `ChatEvent` and whose result is a `ChatResult`. To stop it is to leave:
   * the quit word is said first.
   */
  'POST /api/chats': { body: ChatRequest; answer: JobStarted };
  /** Says something. */
  'POST /api/chats/:job/messages': { body: ChatMessage; answer: ChatSent };
}

/** Whom to talk to, and how. */
export interface ChatRequest {
  readonly transport: 'tcp' | 'udp';
  /** HOST:PORT, on this machine or in a private network. */
  readonly address: string;
  /** TCP only: a name of `FRAMINGS`. @defaultValue 'raw' */
  readonly framing?: string;
  /** UDP only: join the room of udp-multi, and do not just send datagrams. @defaultValue true */
  readonly room?: boolean;
  /** In a room only: what the others see, at most 32 bytes. @defaultValue none */
  readonly name?: string;
  /** Ends the chat when either side says it, and is said before leaving; in a room nothing does. Empty: none. @defaultValue 'q' */
  readonly quit?: string;
}

/** What is said. */
export interface ChatMessage {
  /** At most 1024 bytes of UTF-8. */
  readonly text: string;
}
