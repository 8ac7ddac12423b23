import { Field } from '../../controls/field.tsx';
import { t } from '../../shell/language.ts';
import { draft, fill, ownDraft, practiceDraft } from './draft.ts';
import { MoreSettings } from './more-settings.tsx';
import { PlanList } from './plan-list.tsx';
import type { ProbeOffer } from '../../../src/pages/probe/contract.ts';
import type { Text } from '../../shell/language.ts';
import type { RequestKind } from './draft.ts';
import type { RefusalOf } from './more-settings.tsx';
import type { ComponentChildren, JSX } from 'preact';

/** What {@link CampaignForm} works with. */
export interface FormProps {
  readonly offer: ProbeOffer;
  readonly refusalOf: RefusalOf;
  /** Called when a field was left, or chosen. */
  readonly onChange: () => void;
  readonly onSubmit: () => void;
  /** The content below the fields: the buttons. */
  readonly children: ComponentChildren;
}

/** What to send to whom, and how to cut it. */
export function CampaignForm({ offer, refusalOf, onChange, onSubmit, children }: FormProps): JSX.Element {
  const form = draft.value;
  return (
    <form
      class="probe-form"
      onChange={onChange}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div class="controls">
        <ServerField offer={offer} />
        {form.practice === '' && (
          <Field
            label={t({ en: 'Target', zh: '目标' })}
            help={t({
              en: 'host:port, tls://host:port or unix:/path; of this machine or a private network',
              zh: 'host:port、tls://host:port 或 unix:/path；仅限本机或私有网络',
            })}
            refusal={refusalOf('target')}
          >
            {(ties) => (
              <input
                {...ties}
                class="mono"
                spellcheck={false}
                value={form.target}
                onInput={({ currentTarget }) => fill({ target: currentTarget.value })}
              />
            )}
          </Field>
        )}
      </div>
      <PracticeHint offer={offer} />
      <RequestFields maxBytes={offer.maxRequestBytes} refusalOf={refusalOf} />
      <div class="controls">
        <FramingField framings={offer.framings} refusal={refusalOf('framing')} />
        <Field
          label={t({ en: 'Plans', zh: '切法' })}
          help={t({ en: 'what to cut and glue, joined with +', zh: '怎样切、怎样粘，用 + 连接' })}
          refusal={refusalOf('plans')}
        >
          {(ties) => (
            <input
              {...ties}
              class="mono wide"
              spellcheck={false}
              value={form.plans}
              onInput={({ currentTarget }) => fill({ plans: currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <PlanList plans={offer.plans} onChange={onChange} />
      <MoreSettings offer={offer} refusalOf={refusalOf} />
      {children}
    </form>
  );
}

function ServerField({ offer }: { readonly offer: ProbeOffer }): JSX.Element {
  const choose = (name: string): void => {
    const practice = offer.practice.find((each) => each.name === name);
    if (practice === undefined) draft.value = ownDraft(draft.value, offer);
    else draft.value = practiceDraft(practice);
  };
  return (
    <Field label={t({ en: 'Server', zh: '服务器' })} help={t({ en: 'one to practise on, or your own', zh: '练习用的服务器，或你自己的' })}>
      {(ties) => (
        <select {...ties} value={draft.value.practice} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          <option value="">{t({ en: 'A server of mine', zh: '我自己的服务器' })}</option>
          <optgroup label={t({ en: 'To practise on', zh: '练习用' })}>
            {offer.practice.map(({ name, title }) => (
              <option key={name} value={name}>
                {t(title)}
              </option>
            ))}
          </optgroup>
        </select>
      )}
    </Field>
  );
}

/** The bug of the practice server, hidden until asked for. */
function PracticeHint({ offer }: { readonly offer: ProbeOffer }): JSX.Element | null {
  const practice = offer.practice.find(({ name }) => name === draft.value.practice);
  if (practice === undefined) return null;
  return (
    <details key={practice.name}>
      <summary>{t({ en: 'What is wrong with it? Try to find it first.', zh: '它错在哪里？先试着找出来。' })}</summary>
      <p>{t(practice.fault)}</p>
    </details>
  );
}

function RequestFields({ maxBytes, refusalOf }: { readonly maxBytes: number; readonly refusalOf: RefusalOf }): JSX.Element {
  const { kind, request } = draft.value;
  const help: Readonly<Record<RequestKind, Text>> = {
    hex: { en: `hex digits, spaces as you like; up to ${maxBytes} bytes`, zh: `十六进制数字，可以有空格；最多 ${maxBytes} 字节` },
    text: {
      en: `UTF-8, with the escapes \\n \\r \\t \\0 \\\\ \\xHH \\u{H}; up to ${maxBytes} bytes`,
      zh: `UTF-8，可用转义 \\n \\r \\t \\0 \\\\ \\xHH \\u{H}；最多 ${maxBytes} 字节`,
    },
    recording: { en: 'what the proxy or sticky-lab record saved', zh: '切分代理或 sticky-lab record 保存的录制文件' },
  };
  return (
    <div class="request-fields">
      <Field label={t({ en: 'Written as', zh: '输入格式' })}>
        {(ties) => (
          <select {...ties} value={kind} onChange={({ currentTarget }) => fill({ kind: currentTarget.value as RequestKind })}>
            <option value="text">{t({ en: 'text', zh: '文本' })}</option>
            <option value="hex">{t({ en: 'hex', zh: '十六进制' })}</option>
            <option value="recording">{t({ en: 'recording', zh: '录制文件' })}</option>
          </select>
        )}
      </Field>
      <Field label={t({ en: 'Request', zh: '请求' })} help={t(help[kind])} refusal={refusalOf('request')}>
        {(ties) => (
          <textarea
            {...ties}
            rows={3}
            spellcheck={false}
            value={request}
            onInput={({ currentTarget }) => fill({ request: currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}

function FramingField({ framings, refusal }: { readonly framings: readonly string[]; readonly refusal: string | undefined }): JSX.Element {
  return (
    <Field
      label={t({ en: 'Framing of the request', zh: '请求的分帧方式' })}
      help={t({ en: 'for plans that cut at frames', zh: '供按帧切分的切法使用' })}
      refusal={refusal}
    >
      {(ties) => (
        <select {...ties} value={draft.value.framing} onChange={({ currentTarget }) => fill({ framing: currentTarget.value })}>
          <option value="">{t({ en: 'not given', zh: '不指定' })}</option>
          {framings.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
