import { MAX_NAME_BYTES } from '@socklab/client/room';
import { framingNames } from '@socklab/framing';
import { Hono } from 'hono';
import { boolean, maxBytes, maxLength, object, optional, picklist, pipe, string } from 'valibot';
import { readBody } from '../../http/body.ts';
import { Refusal } from '../../http/refusal.ts';
import { Chats } from './chats.ts';
import type { ChatsOptions } from './chats.ts';
import type { ChatRequest, ChatRoutes } from './contract.ts';
import type { ChatPlan } from './lines/events.ts';
import type { Text } from '@socklab/lab';

const MAX_ADDRESS_CHARS = 300;
const MAX_QUIT_BYTES = 32;

const ChatBody = object({
  transport: picklist(['tcp', 'udp']),
  address: pipe(string(), maxLength(MAX_ADDRESS_CHARS)),
  framing: optional(picklist(framingNames)),
  room: optional(boolean()),
  name: optional(pipe(string(), maxBytes(MAX_NAME_BYTES))),
  quit: optional(pipe(string(), maxBytes(MAX_QUIT_BYTES))),
});

const MessageBody = object({ text: string() });

/** Starts chats, and says things in them. */
export function chatRoutes(options: ChatsOptions): Hono {
  const chats = new Chats(options);
  const routes = new Hono();
  routes.post('/', async (context) => {
    const job = await chats.start(planOf(await readBody(context, ChatBody)));
    return context.json<ChatRoutes['POST /api/chats']['answer']>({ job }, 202);
  });
  routes.post('/:job/messages', async (context) => {
    const { text } = await readBody(context, MessageBody);
    return context.json<ChatRoutes['POST /api/chats/:job/messages']['answer']>(chats.say(context.req.param('job'), text));
  });
  return routes;
}

type Asked = { readonly [Name in keyof ChatRequest]: ChatRequest[Name] | undefined };

function planOf({ transport, address, framing, room, name, quit }: Asked): ChatPlan {
  const isTcp = transport === 'tcp';
  const isRoom = !isTcp && room !== false;
  if (!isTcp && framing !== undefined) throw misplaced('framing', DATAGRAMS_ARE_MESSAGES);
  if (isTcp && room !== undefined) throw misplaced('room', ROOMS_ARE_UDP);
  if (!isRoom && name !== undefined) throw misplaced('name', NAMES_ARE_FOR_ROOMS);
  if (isRoom && quit !== undefined) throw misplaced('quit', ROOMS_HAVE_NO_QUIT_WORD);
  return {
    transport: isTcp ? 'tcp' : 'udp',
    address: address ?? '',
    framing: isTcp ? (framing ?? 'raw') : null,
    isRoom,
    name: name ?? '',
    quit: isRoom ? '' : (quit ?? 'q'),
  };
}

const DATAGRAMS_ARE_MESSAGES: Text = {
  en: 'is for tcp: in udp each datagram is a message',
  zh: '只用于 tcp：udp 的每个数据报就是一条消息',
};
const ROOMS_ARE_UDP: Text = { en: 'is for udp', zh: '只用于 udp' };
const NAMES_ARE_FOR_ROOMS: Text = { en: 'is for a room', zh: '只用于聊天室' };
const ROOMS_HAVE_NO_QUIT_WORD: Text = {
  en: 'is not for a room: one leaves it with a message of its own',
  zh: '不用于聊天室：离开它有专门的报文',
};

function misplaced(field: string, { en, zh }: Text): Refusal {
  return new Refusal(422, { en: `${field} ${en}`, zh: `${field} ${zh}` }, field);
}
