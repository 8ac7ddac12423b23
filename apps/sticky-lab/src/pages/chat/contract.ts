import { MAX_NAME_BYTES } from '@socklab/client/room';
import { framingNames } from '@socklab/framing';
import { boolean, description, maxBytes, maxLength, object, optional, picklist, pipe, string } from 'valibot';
import { defineRoutes, json } from '../../http/route.ts';
import type { JobStarted } from '../../http/jobs/contract.ts';
import type { ChatSent } from './channels/events.ts';
import type { InferInput } from 'valibot';

const MAX_ADDRESS_CHARS = 300;
const MAX_QUIT_BYTES = 32;

const ChatSchema = object({
  transport: picklist(['tcp', 'udp']),
  address: pipe(string(), maxLength(MAX_ADDRESS_CHARS), description('HOST:PORT, on this machine or in a private network')),
  framing: pipe(optional(picklist(framingNames)), description('TCP only; raw when absent')),
  room: pipe(optional(boolean()), description('UDP only: join the room of udp-multi, and do not just send datagrams; true when absent')),
  name: pipe(optional(pipe(string(), maxBytes(MAX_NAME_BYTES))), description('in a room only: what the others see')),
  quit: pipe(
    optional(pipe(string(), maxBytes(MAX_QUIT_BYTES))),
    description('ends the chat when either side says it, and is said before leaving; q when absent, empty: nothing does; not for a room'),
  ),
});

const MessageSchema = object({ text: pipe(string(), description('at most 1024 bytes of UTF-8')) });

/** The peer, and how to talk to it. */
export type ChatRequest = Readonly<InferInput<typeof ChatSchema>>;

/** Conversations with services, through this one. */
export const CHAT_ROUTES = defineRoutes({
  'POST /api/chats': {
    summary: 'talks to a service; to stop the job is to leave: the quit word is said first',
    body: ChatSchema,
    status: 202,
    answer: json<JobStarted>('a job of kind chat: its events are ChatEvent, its result is a ChatResult'),
  },
  'POST /api/chats/:job/messages': { summary: 'says something', body: MessageSchema, answer: json<ChatSent>('what was sent') },
});
