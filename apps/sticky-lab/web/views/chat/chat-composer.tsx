import { useEffect, useRef, useState } from 'preact/hooks';
import { Field } from '../../controls/field.tsx';
import { ask, AskError } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import type { JSX } from 'preact';

/** Options of {@link ChatComposer}. */
export interface ChatComposerProps {
  readonly job: string;
  /** Whether to take the focus: it was just opened by the reader. */
  readonly isNew: boolean;
  readonly quit: string;
}

/** Where one writes what to say, and leaves. */
export function ChatComposer({ job, isNew, quit }: ChatComposerProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [refusal, setRefusal] = useState<AskError>();
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => {
    if (isNew) input.current?.focus();
  }, [isNew]);
  const attempt = async (request: Promise<unknown>): Promise<boolean> => {
    try {
      await request;
      setRefusal(undefined);
      return true;
    } catch (error) {
      if (!(error instanceof AskError)) throw error;
      setRefusal(error);
      return false;
    }
  };
  const say = async (event: Event): Promise<void> => {
    event.preventDefault();
    const said = text;
    const isSaid = await attempt(ask('POST /api/chats/:job/messages', { path: { job }, body: { text: said } }));
    // Keeps text that was typed meanwhile.
    if (isSaid) setText((now) => (now === said ? '' : now));
  };
  const leave = async (): Promise<void> => {
    setLeaving(true);
    const isStopping = await attempt(ask('POST /api/jobs/:id/stop', { path: { id: job } }));
    if (!isStopping) setLeaving(false);
  };
  return (
    <form class="controls chat-composer" onSubmit={(event) => void say(event)}>
      <Field label={t({ en: 'Message', zh: '消息' })} refusal={refusal?.text}>
        {(ties) => (
          <input {...ties} ref={input} value={text} autocomplete="off" onInput={({ currentTarget }) => setText(currentTarget.value)} />
        )}
      </Field>
      <button type="submit" class="primary">
        {t({ en: 'Send', zh: '发送' })}
      </button>
      <button type="button" disabled={isLeaving} onClick={() => void leave()}>
        {quit === '' ? t({ en: 'Leave', zh: '离开' }) : t({ en: `Leave (says “${quit}”)`, zh: `离开（先说“${quit}”）` })}
      </button>
    </form>
  );
}
