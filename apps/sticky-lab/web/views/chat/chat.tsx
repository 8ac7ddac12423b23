import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { query, replaceAddress, visited } from '../../shell/address.ts';
import { t } from '../../shell/language.ts';
import { aimAt } from '../../shell/target.ts';
import { ChatCard } from './chat-card.tsx';
import { ChatForm } from './chat-form.tsx';
import { Diagram } from './diagram.tsx';
import { DEFAULT_DRAFT, draftOf, jobsOf, parametersOf } from './draft.ts';
import type { JSX } from 'preact';

/** The state of the view; it is kept while another view is shown. */
const draft = signal(DEFAULT_DRAFT);
const jobs = signal<readonly string[]>([]);
/** The chat that was started last, where the cursor goes. */
const newest = signal('');
const showsWire = signal(true);

/** Conversations with a server of the reader’s. */
export function ChatPage(): JSX.Element {
  useEffect(takeAddress, [visited.value]);
  // A later visit does not move the focus there.
  useEffect(() => forgetNewest, []);
  return (
    <>
      <p>
        {t({
          en: 'A browser cannot open a TCP or UDP socket: it asks sticky-lab over HTTP, and sticky-lab talks to the service. Browser and server (B/S) is client and server (C/S) with a client that everybody has.',
          zh: '浏览器不能直接打开 TCP 或 UDP 套接字：它用 HTTP 请求 sticky-lab，由 sticky-lab 与服务对话。B/S（浏览器/服务器）就是一种 C/S（客户端/服务器），只是客户端人人都有。',
        })}
      </p>
      <Diagram />
      <ChatForm
        draft={draft.value}
        onDraft={(changed) => {
          draft.value = changed;
        }}
        onSettled={settle}
        onStarted={(job) => {
          newest.value = job;
          jobs.value = [...jobs.value, job];
          settle();
        }}
      />
      <WireSwitch />
      <div class="chat-cards">
        {jobs.value.map((job, index) => (
          <ChatCard
            key={job}
            job={job}
            number={index + 1}
            isNew={job === newest.value}
            showsWire={showsWire.value}
            onClose={() => close(job)}
          />
        ))}
      </div>
    </>
  );
}

function WireSwitch(): JSX.Element {
  return (
    <p>
      <label>
        <input
          type="checkbox"
          checked={showsWire.value}
          onChange={({ currentTarget }) => {
            showsWire.value = currentTarget.checked;
          }}
        />{' '}
        {t({ en: 'What the wire carried', zh: '线路上实际传输的字节' })}
      </label>{' '}
      <span class="quiet wire">
        {t({ en: 'Framing is ', zh: '分帧字节' })}
        <code>
          <span class="framing">{t({ en: 'boxed', zh: '加框' })}</span>
        </code>
        {t({ en: ', text is ', zh: '，正文字节' })}
        <code>
          <span class="payload">{t({ en: 'underlined', zh: '加下划线' })}</span>
        </code>
        {t({ en: '.', zh: '。' })}
      </span>
    </p>
  );
}

/** Shows the chats of the address, besides those shown already, and then writes all of them into the address. */
function takeAddress(): void {
  const asked = visited.value;
  if (asked.get('page') !== 'chat') return;
  draft.value = draftOf(asked) ?? draft.value;
  jobs.value = [...new Set([...jobs.value, ...jobsOf(asked)])];
  tellAddress();
}

/** The other views for one's own program are about the same one. */
function settle(): void {
  const { way, address, framing } = draft.value;
  if (way === 'tcp') aimAt(address, framing === 'raw' ? '' : framing);
  tellAddress();
}

function forgetNewest(): void {
  newest.value = '';
}

function tellAddress(): void {
  const parameters = parametersOf(draft.value, jobs.value);
  if (new URLSearchParams(parameters).toString() !== query.value.toString()) replaceAddress(parameters);
}

function close(job: string): void {
  jobs.value = jobs.value.filter((each) => each !== job);
  tellAddress();
  document.querySelector<HTMLElement>('#content')?.focus();
}
