import { useState } from 'preact/hooks';
import { ask } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import { useAttempt, useRefusedFocus } from './attempt.ts';
import { PlanHelp, RequestField, SETTING_NAMES } from './request-fields.tsx';
import { formatCount } from './throughput/units.ts';
import type { ProxyOfJob } from '../../../src/pages/proxy/contract.ts';
import type { FieldTexts } from './request-fields.tsx';
import type { JSX } from 'preact';

/** Changes what a proxy does, while it runs. */
export function ChangeForm({ proxy }: { readonly proxy: ProxyOfJob }): JSX.Element {
  const [edited, setEdited] = useState<FieldTexts>({});
  const [outcome, setOutcome] = useState('');
  const { error, isUnderway, run } = useAttempt();
  const form = useRefusedFocus(error);
  const change = (event: Event): void => {
    event.preventDefault();
    if (isUnderway) return;
    setOutcome('');
    if (Object.keys(edited).length === 0) {
      setOutcome(t({ en: 'Nothing was edited.', zh: '没有修改。' }));
      return;
    }
    void run(async () => {
      const { keptConnections } = await ask('PATCH /api/proxies/:job', { path: { job: proxy.job.id }, body: edited });
      setEdited({});
      setOutcome(outcomeOf(keptConnections));
    });
  };
  return (
    <form ref={form} onSubmit={change} aria-label={t({ en: 'Change the proxy', zh: '修改代理' })}>
      <div class="controls proxy-fields">
        {SETTING_NAMES.map((name) => (
          <RequestField
            key={name}
            name={name}
            value={edited[name] ?? String(proxy[name])}
            refusal={error?.field === name ? error.text : undefined}
            onInput={(value) => setEdited({ ...edited, [name]: value })}
          />
        ))}
      </div>
      {error !== undefined && !SETTING_NAMES.some((name) => name === error.field) && (
        <p class="bad" role="alert">
          {error.text}
        </p>
      )}
      <p class="controls">
        <button type="submit">{t({ en: 'Apply the change', zh: '应用修改' })}</button>
        <span role="status">{outcome}</span>
      </p>
      <PlanHelp />
    </form>
  );
}

function outcomeOf(keptConnections: number): string {
  if (keptConnections === 0) return t({ en: 'Changed, for open connections too.', zh: '已修改，对已打开的连接同样生效。' });
  return t({
    en: `Changed; ${formatCount(keptConnections)} open connections keep their plan, because the new one needs frames from the first byte on.`,
    zh: `已修改；${formatCount(keptConnections)} 个已打开的连接保持原来的切法，因为新的切法需要从第一个字节起分帧。`,
  });
}
