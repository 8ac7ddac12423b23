import { ChatFailure } from './failure.ts';
import type { ChatEndReason } from './events.ts';
import type { Text } from '@socklab/lab';

/** Why a chat is over, for programs and for people. */
export interface Ending {
  readonly reason: ChatEndReason;
  readonly text: Text;
  /** Whether the peer is still there to get the quit word. */
  readonly isPeerThere: boolean;
  readonly failure?: ChatFailure;
}

/** Timeout of silence, in milliseconds. */
export const IDLE_MS = 600_000;

/** Most messages of one chat, in both directions: all of them are kept for those who reconnect. */
export const MAX_MESSAGES = 2000;

const TEXTS: Readonly<Record<Exclude<ChatEndReason, 'failed'>, Text>> = {
  left: { en: 'Left.', zh: '已离开。' },
  quit: { en: 'The quit word ended it.', zh: '约定的退出口令结束了对话。' },
  'peer-ended': { en: 'The peer closed the connection.', zh: '对方关闭了连接。' },
  reset: { en: 'The peer reset the connection.', zh: '对方重置了连接（RST）。' },
  idle: { en: `Nobody said anything for ${IDLE_MS / 60_000} minutes.`, zh: `${IDLE_MS / 60_000} 分钟内无人发言。` },
  limit: {
    en: `It had ${MAX_MESSAGES} messages, which is the limit: start another one.`,
    zh: `已有 ${MAX_MESSAGES} 条消息，这是上限：请另开一个。`,
  },
};

const PEER_IS_THERE: ReadonlySet<ChatEndReason> = new Set(['left', 'idle', 'limit']);

/** The ending for a reason, or for an error. */
export function endingOf(reason: Exclude<ChatEndReason, 'failed'> | ChatFailure): Ending {
  if (reason instanceof ChatFailure) return { reason: 'failed', text: reason.text, isPeerThere: false, failure: reason };
  return { reason, text: TEXTS[reason], isPeerThere: PEER_IS_THERE.has(reason) };
}
