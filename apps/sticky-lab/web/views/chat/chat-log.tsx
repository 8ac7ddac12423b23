import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../shell/language.ts';
import { ChatEntry } from './chat-entry.tsx';
import type { ReadRange } from '../../../src/pages/chat/channels/events.ts';
import type { Entry } from './known-chat.ts';
import type { JSX } from 'preact';

/** What {@link ChatLog} shows. */
export interface ChatLogProps {
  readonly entries: readonly Entry[];
  readonly label: string;
  readonly showsWire: boolean;
}

/** Messages shown at once, so that a long conversation stays fast. */
const PAGE = 100;

/** What was said, the latest at the bottom. */
export function ChatLog({ entries, label, showsWire }: ChatLogProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const isAtBottom = useRef(true);
  const [pages, setPages] = useState(1);
  const from = Math.max(0, entries.length - pages * PAGE);
  useEffect(() => {
    // A reader who scrolled up stays there.
    if (list.current !== null && isAtBottom.current) list.current.scrollTop = list.current.scrollHeight;
  }, [entries, showsWire]);
  const onScroll = ({ currentTarget }: { readonly currentTarget: HTMLDivElement }): void => {
    isAtBottom.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 40;
  };
  return (
    <>
      {from > 0 && (
        <button type="button" onClick={() => setPages(pages + 1)}>
          {t({ en: `${from} earlier ones: show more`, zh: `更早的 ${from} 条：显示更多` })}
        </button>
      )}
      <div class="chat-log" role="log" aria-label={label} tabIndex={0} ref={list} onScroll={onScroll}>
        <ol>
          {entries.slice(from).map((entry, index) => (
            <ChatEntry key={from + index} entry={entry} previousReads={readsBefore(entries, from + index)} showsWire={showsWire} />
          ))}
        </ol>
      </div>
    </>
  );
}

/** How the message before came, of those that were heard. */
function readsBefore(entries: readonly Entry[], index: number): ReadRange | null {
  for (let at = index - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry?.type === 'received') return entry.reads;
  }
  return null;
}
