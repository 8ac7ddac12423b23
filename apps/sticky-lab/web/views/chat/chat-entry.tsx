import { language, t } from '../../shell/language.ts';
import { WireBytes } from './wire-bytes.tsx';
import type { ReadRange } from '../../../src/pages/chat/channels/events.ts';
import type { Entry } from './known-chat.ts';
import type { JSX } from 'preact';

/** What {@link ChatEntry} shows. */
export interface ChatEntryProps {
  readonly entry: Entry;
  /** The one before it, of those that came from the peer. */
  readonly previousReads: ReadRange | null;
  readonly showsWire: boolean;
}

/** One line of a conversation. */
export function ChatEntry({ entry, previousReads, showsWire }: ChatEntryProps): JSX.Element | null {
  if (entry.type === 'handshake' && !showsWire) return null;
  const reads = entry.type === 'received' ? entry.reads : null;
  return (
    <li class={`chat-${entry.type}`}>
      <div class="said">
        <time class="quiet" dateTime={new Date(entry.at).toISOString()}>
          {new Date(entry.at).toLocaleTimeString(language.value === 'zh' ? 'zh-CN' : 'en-GB')}
        </time>
        <strong>{speakerOf(entry)}</strong>
        <span class="words">{wordsOf(entry)}</span>
      </div>
      {showsWire && <WireBytes wire={entry.wire} hasText={entry.type !== 'handshake'} />}
      {showsWire && reads !== null && <span class="quiet">{readsText(reads, previousReads)}</span>}
    </li>
  );
}

function speakerOf(entry: Entry): string {
  if (entry.type === 'handshake') return entry.direction === 'sent' ? '→' : '←';
  if (entry.type === 'sent') return t({ en: 'You', zh: '我' });
  const { from } = entry;
  if (from.type === 'peer') return t({ en: 'Peer', zh: '对方' });
  if (from.type === 'operator') return t({ en: 'Operator', zh: '操作员' });
  return from.name === '' ? `#${from.number}` : from.name;
}

function wordsOf(entry: Entry): string {
  if (entry.type === 'handshake') return entry.message;
  return entry.text === '' ? t({ en: '(empty)', zh: '（空）' }) : entry.text;
}

function readsText({ first, last }: ReadRange, previous: ReadRange | null): string {
  const isGlued = previous?.last === first;
  const isSplit = first !== last;
  if (isSplit && isGlued) {
    return t({
      en: `began in the same read as the message before, and came in pieces: reads ${first} to ${last}`,
      zh: `开头与上一条在同一次读取中到达，其余分次到达：第 ${first}–${last} 次读取（粘包又拆包）`,
    });
  }
  if (isSplit) return t({ en: `came in pieces: reads ${first} to ${last}`, zh: `分几次到达：第 ${first}–${last} 次读取（拆包）` });
  if (isGlued)
    return t({
      en: `came in the same read as the message before: read ${first}`,
      zh: `与上一条在同一次读取中到达：第 ${first} 次（粘包）`,
    });
  return t({ en: `read ${first}`, zh: `第 ${first} 次读取` });
}
