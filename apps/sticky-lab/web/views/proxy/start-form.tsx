import { useState } from 'preact/hooks';
import { goTo, query } from '../../shell/address.ts';
import { ask } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import { aimAt } from '../../shell/target.ts';
import { useAttempt, useRefusedFocus } from './attempt.ts';
import { PlanHelp, REQUEST_NAMES, RequestField } from './request-fields.tsx';
import type { FieldTexts } from './request-fields.tsx';
import type { JSX } from 'preact';

/** Something to see from the first byte on. */
const DEFAULTS: FieldTexts = { direction: 'both', framing: '', plan: 'bytes:3', pace: 'auto' };

/** The practice server that sends back each line, for whoever has only a client. */
const ANSWERING = 'line';

/** Starts a proxy. The fields come from the address, so that a link requests the same again. */
export function StartForm(): JSX.Element {
  const [texts, setTexts] = useState(textsOfAddress);
  const { error, isUnderway, run } = useAttempt();
  const form = useRefusedFocus(error);
  const start = (event: Event): void => {
    event.preventDefault();
    if (isUnderway) return;
    const fields = givenOf(texts);
    void run(async () => {
      const { job } = await ask('POST /api/proxies', { body: { target: '', ...fields } });
      aimAt(fields['target'] ?? '', fields['framing'] ?? '');
      goTo({ page: 'proxy', ...fields, proxy: job.id });
    });
  };
  const answerMyself = (): void => {
    void run(async () => {
      const { target } = await ask('POST /api/probe/practice', { body: { name: ANSWERING } });
      setTexts({ ...texts, target, framing: 'line' });
    });
  };
  return (
    <form ref={form} onSubmit={start} aria-label={t({ en: 'New proxy', zh: '新建代理' })}>
      <div class="controls proxy-fields">
        {REQUEST_NAMES.map((name) => (
          <RequestField
            key={name}
            name={name}
            value={texts[name] ?? ''}
            refusal={error?.field === name ? error.text : undefined}
            onInput={(value) => setTexts({ ...texts, [name]: value })}
          />
        ))}
      </div>
      {error !== undefined && !REQUEST_NAMES.some((name) => name === error.field) && (
        <p class="bad" role="alert">
          {error.text}
        </p>
      )}
      <div class="controls">
        <button type="submit" class="primary">
          {t({ en: 'Start the proxy', zh: '启动代理' })}
        </button>
        <button type="button" onClick={answerMyself}>
          {t({ en: 'I have only a client: the lab answers it', zh: '我只有客户端：由实验室来响应' })}
        </button>
      </div>
      <PlanHelp />
    </form>
  );
}

function textsOfAddress(): FieldTexts {
  const given = REQUEST_NAMES.flatMap((name) => {
    const text = query.value.get(name);
    return text === null ? [] : [[name, text] as const];
  });
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

/** The filled-in fields; the service knows the defaults. */
function givenOf(texts: FieldTexts): Record<string, string> {
  const given = Object.entries(texts).map(([name, text]) => [name, text.trim()] as const);
  return Object.fromEntries(given.filter(([, text]) => text !== ''));
}
