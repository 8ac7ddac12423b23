import { Refusal } from '../../http/refusal.ts';
import { serveRoutes } from '../../http/route.ts';
import { Chats } from './chats.ts';
import { CHAT_ROUTES } from './contract.ts';
import type { ChatPlan } from './channels/events.ts';
import type { ChatsOptions } from './chats.ts';
import type { ChatRequest } from './contract.ts';
import type { Text } from '@socklab/lab';
import type { Hono } from 'hono';

/** Starts chats, and says things in them. */
export function serveChats(app: Hono, options: ChatsOptions): void {
  const chats = new Chats(options);
  serveRoutes(app, CHAT_ROUTES, {
    'POST /api/chats': async (_, body) => ({ job: await chats.start(planOf(body)) }),
    'POST /api/chats/:job/messages': ({ req }, { text }) => chats.say(req.param('job') ?? '', text),
  });
}

function planOf({ transport, address, framing, room, name, quit }: ChatRequest): ChatPlan {
  const isTcp = transport === 'tcp';
  const isRoom = !isTcp && room !== false;
  if (!isTcp && framing !== undefined) throw misplaced('framing', DATAGRAMS_ARE_MESSAGES);
  if (isTcp && room !== undefined) throw misplaced('room', ROOMS_ARE_UDP);
  if (!isRoom && name !== undefined) throw misplaced('name', NAMES_ARE_FOR_ROOMS);
  if (isRoom && quit !== undefined) throw misplaced('quit', ROOMS_HAVE_NO_QUIT_WORD);
  return {
    transport: isTcp ? 'tcp' : 'udp',
    address,
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
