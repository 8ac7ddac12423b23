import { t } from '../../shell/language.ts';
import type { ChatPlan } from '../../../src/pages/chat/channels/events.ts';
import type { KnownChat } from './known-chat.ts';

/** Names a chat. */
export function titleText(plan: ChatPlan | undefined): string {
  if (plan === undefined) return t({ en: 'Chat', zh: '对话' });
  const { transport, address, framing, isRoom, name } = plan;
  if (transport === 'tcp') return `TCP ${address}, ${framing ?? 'raw'}`;
  if (!isRoom) return `UDP ${address}`;
  const room = t({ en: `the room at UDP ${address}`, zh: `UDP ${address} 的聊天室` });
  return name === '' ? room : t({ en: `${name} in ${room}`, zh: `${name}，${room}` });
}

/** Says how far a chat is. */
export function statusText({ plan, phase, connected, member, ended, hasHeard }: KnownChat): string {
  switch (phase) {
    case 'opening':
      return plan?.isRoom === true ? t({ en: 'Joining…', zh: '正在加入…' }) : t({ en: 'Connecting…', zh: '正在连接…' });
    case 'absent':
      return t({ en: 'The room does not answer; asking on.', zh: '聊天室没有响应；继续询问。' });
    case 'over':
      return ended === undefined ? '' : t(ended.text);
    case 'lost':
      return t({ en: 'The service does not know this chat any more.', zh: '服务已不再保留这个对话。' });
    case 'open':
    default:
      return openText(plan, `${connected?.local ?? ''} → ${connected?.remote ?? ''}`, member, hasHeard);
  }
}

function openText(plan: ChatPlan | undefined, ends: string, member: number | undefined, hasHeard: boolean): string {
  if (plan?.isRoom === true)
    return t({ en: `Member ${member ?? ''} of the room. ${ends}`, zh: `已加入聊天室，编号 ${member ?? ''}。${ends}` });
  if (plan?.transport === 'udp') return t({ en: `UDP connects nothing: datagrams go ${ends}`, zh: `UDP 没有连接：数据报 ${ends}` });
  if (hasHeard) return t({ en: `Connected: ${ends}`, zh: `已连接：${ends}` });
  return t({
    en: `Connected: ${ends}. The peer has not said anything. An operator serves one at a time; whoever came later waits in line.`,
    zh: `已连接：${ends}。对方还没有说话。操作员一次只接待一人，后来者排队等候。`,
  });
}
