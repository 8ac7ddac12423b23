import type { ChatEvent, ChatPlan } from '../../../src/pages/chat/channels/events.ts';

/** What is listed of a chat. */
export type Entry = Extract<ChatEvent, { type: 'handshake' | 'sent' | 'received' }>;

/** How far a chat is. */
export type Phase = 'opening' | 'open' | 'absent' | 'over' | 'lost';

/** A chat as far as it is known. */
export interface KnownChat {
  readonly plan: ChatPlan | undefined;
  readonly phase: Phase;
  readonly connected: Extract<ChatEvent, { type: 'connected' }> | undefined;
  readonly member: number | undefined;
  readonly ended: Extract<ChatEvent, { type: 'ended' }> | undefined;
  readonly hasHeard: boolean;
  readonly entries: readonly Entry[];
}

/** Before anything is known. */
export const NEW_CHAT: KnownChat = {
  plan: undefined,
  phase: 'opening',
  connected: undefined,
  member: undefined,
  ended: undefined,
  hasHeard: false,
  entries: [],
};

/** The state after further events. */
export function after(chat: KnownChat, events: readonly ChatEvent[]): KnownChat {
  const entries = events.filter((event) => isEntry(event));
  const next = events.reduce(step, chat);
  return entries.length === 0 ? next : { ...next, entries: [...chat.entries, ...entries] };
}

function step(known: KnownChat, event: ChatEvent): KnownChat {
  switch (event.type) {
    case 'opening':
      return { ...known, plan: event.plan };
    case 'connected':
      // A room accepts its members later.
      return { ...known, connected: event, phase: known.plan?.isRoom === true ? 'opening' : 'open' };
    case 'joined':
      return { ...known, member: event.member, phase: 'open' };
    case 'absent':
      return { ...known, phase: 'absent' };
    case 'received':
      return known.hasHeard ? known : { ...known, hasHeard: true };
    case 'ended':
      return { ...known, ended: event, phase: 'over' };
    case 'handshake':
    case 'sent':
    default:
      return known;
  }
}

function isEntry(event: ChatEvent): event is Entry {
  return event.type === 'handshake' || event.type === 'sent' || event.type === 'received';
}
