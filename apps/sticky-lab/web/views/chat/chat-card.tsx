import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { PageLink } from '../../controls/page-link.tsx';
import { follow } from '../../shell/events/follow.ts';
import { t } from '../../shell/language.ts';
import { ChatComposer } from './chat-composer.tsx';
import { ChatLog } from './chat-log.tsx';
import { statusText, titleText } from './chat-words.ts';
import { after, NEW_CHAT } from './known-chat.ts';
import type { ChatEvent } from '../../../src/pages/chat/channels/events.ts';
import type { KnownChat } from './known-chat.ts';
import type { JSX } from 'preact';

/** Options of {@link ChatCard}. */
export interface ChatCardProps {
  readonly job: string;
  /** Counts from 1 on this page. */
  readonly number: number;
  readonly isNew: boolean;
  readonly showsWire: boolean;
  /** Takes it off the page. */
  readonly onClose: () => void;
}

/** One chat: what was said, and where to say more. */
export function ChatCard({ job, number, isNew, showsWire, onClose }: ChatCardProps): JSX.Element {
  const chat = useChat(job);
  const id = useId();
  const { plan, phase, entries, ended } = chat;
  const isOver = phase === 'over' || phase === 'lost';
  return (
    <section class="chat-card" aria-labelledby={id}>
      <h2 id={id}>{`${number}. ${titleText(plan)}`}</h2>
      <p role="status" class={`chat-status ${ended?.reason === 'failed' ? 'bad' : 'quiet'}`}>
        {statusText(chat)}
      </p>
      <ChatLog entries={entries} showsWire={showsWire} label={t({ en: `Messages of chat ${number}`, zh: `对话 ${number} 的消息` })} />
      <CutTest chat={chat} />
      {isOver ? <CloseButton onClose={onClose} /> : <ChatComposer job={job} isNew={isNew} quit={plan?.quit ?? ''} />}
    </section>
  );
}

/** One click to the cut test of the same server, with what was said last. */
function CutTest({ chat: { plan, entries } }: { readonly chat: KnownChat }): JSX.Element | null {
  const sent = entries.findLast(({ type }) => type === 'sent');
  if (plan?.transport !== 'tcp' || sent === undefined || sent.wire.hex.length !== sent.wire.byteLength * 2) return null;
  const { address, framing } = plan;
  const framed = framing === null || framing === 'raw' ? {} : { framing };
  return (
    <p class="chat-cut">
      <PageLink to={{ page: 'probe', target: address, hex: sent.wire.hex, ...framed }} isCurrent={false}>
        {t({ en: 'Cut the last message everywhere', zh: '把最后一条消息处处切开' })} →
      </PageLink>
    </p>
  );
}

/** Follows the chat, from its first event on, also after the page was reloaded. */
function useChat(job: string): KnownChat {
  const [chat, setChat] = useState(NEW_CHAT);
  useEffect(() => {
    setChat(NEW_CHAT);
    return follow<ChatEvent>(job, {
      events: (events) => setChat((known) => after(known, events)),
      // A job without a result has failed.
      end: () => setChat((known) => (known.phase === 'over' ? known : { ...known, phase: 'lost' })),
      lost: () => setChat((known) => ({ ...known, phase: 'lost' })),
    });
  }, [job]);
  return chat;
}

/** Takes the place of the composer: the keyboard focus continues there. */
function CloseButton({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The focused control is gone with the composer; a focus elsewhere on the page stays.
    if (document.activeElement === document.body) button.current?.focus();
  }, []);
  return (
    <div class="controls">
      <button type="button" ref={button} onClick={onClose}>
        {t({ en: 'Close', zh: '关闭' })}
      </button>
    </div>
  );
}
