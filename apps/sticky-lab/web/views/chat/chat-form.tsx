import { useState } from 'preact/hooks';
import { ask, AskError } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import { fieldsOf, FramingChoice, TypedInput, WayChoice } from './chat-fields.tsx';
import { requestOf, STARTS } from './draft.ts';
import type { FieldOptions } from './chat-fields.tsx';
import type { JSX } from 'preact';

/** Options of {@link ChatForm}. */
export interface ChatFormProps extends Omit<FieldOptions, 'refusal'> {
  readonly onStarted: (job: string) => void;
}

/** Whom to talk to, and how. */
export function ChatForm({ onStarted, ...options }: ChatFormProps): JSX.Element {
  const { draft } = options;
  const [refusal, setRefusal] = useState<AskError>();
  const [isAsking, setAsking] = useState(false);
  const connect = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isAsking) return;
    setAsking(true);
    try {
      const { job } = await ask('POST /api/chats', { body: requestOf(draft) });
      setRefusal(undefined);
      onStarted(job.id);
    } catch (error) {
      if (!(error instanceof AskError)) throw error;
      setRefusal(error);
    } finally {
      setAsking(false);
    }
  };
  const fields = fieldsOf(draft);
  const isBesideField = fields.some((field) => field === refusal?.field);
  return (
    <form onSubmit={(event) => void connect(event)} aria-label={t({ en: 'Connect', zh: '连接' })}>
      <div class="controls">
        <WayChoice {...options} refusal={refusal} />
        {fields.map((field) =>
          field === 'framing' ? (
            <FramingChoice key={field} {...options} refusal={refusal} />
          ) : (
            <TypedInput key={field} field={field} {...options} refusal={refusal} />
          ),
        )}
      </div>
      <div class="controls">
        <button type="submit" class="primary" aria-disabled={isAsking}>
          {draft.way === 'room' ? t({ en: 'Join', zh: '加入' }) : t({ en: 'Connect', zh: '连接' })}
        </button>
        {refusal !== undefined && !isBesideField && (
          <span class="bad" role="alert">
            {refusal.text}
          </span>
        )}
      </div>
      <HowToStart command={STARTS[draft.way]} />
    </form>
  );
}

function HowToStart({ command }: { readonly command: string }): JSX.Element {
  return (
    <p class="quiet">
      {t({
        en: 'A service to talk to, in a terminal of its own, then with its port above: ',
        zh: '可另开终端启动一个服务，再在上面填它的端口：',
      })}
      <code>{command}</code>
    </p>
  );
}
