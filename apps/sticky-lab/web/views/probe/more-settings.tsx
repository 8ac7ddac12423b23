import { useEffect, useState } from 'preact/hooks';
import { Field } from '../../controls/field.tsx';
import { NumberField } from '../../controls/number-field.tsx';
import { t } from '../../shell/language.ts';
import { draft, fill } from './draft.ts';
import type { ProbeOffer } from '../../../src/pages/probe/contract.ts';
import type { JSX } from 'preact';

/** Why the service refused a field. */
export type RefusalOf = (field: string) => string | undefined;

const FIELDS = ['until', 'seed', 'pace', 'concurrency', 'hangMs', 'quietMs', 'maxTimeMs', 'masks'];

/** Settings that are rarely changed. Opens by itself when one of them was refused. */
export function MoreSettings({ offer, refusalOf }: { readonly offer: ProbeOffer; readonly refusalOf: RefusalOf }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const isRefused = FIELDS.some((field) => refusalOf(field) !== undefined);
  useEffect(() => {
    if (isRefused) setOpen(true);
  }, [isRefused]);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t({ en: 'More settings', zh: '更多设置' })}</summary>
      <TextFields refusalOf={refusalOf} />
      <NumberFields refusalOf={refusalOf} />
      <Masks masks={offer.masks} />
    </details>
  );
}

function TextFields({ refusalOf }: { readonly refusalOf: RefusalOf }): JSX.Element {
  const { until, pace, seed } = draft.value;
  return (
    <div class="controls">
      <Field
        label={t({ en: 'The answer ends', zh: '响应的结束' })}
        help={t({
          en: 'bytes:N, frames:N, idle:200ms or close; empty: as in the control',
          zh: 'bytes:N、frames:N、idle:200ms 或 close；留空：由不拆分的试验得知',
        })}
        refusal={refusalOf('until')}
      >
        {(ties) => <input {...ties} class="mono" value={until} onInput={({ currentTarget }) => fill({ until: currentTarget.value })} />}
      </Field>
      <Field
        label={t({ en: 'Pace', zh: '发送节奏' })}
        help={t({
          en: 'when the next piece is sent: drain (the one before was read), gap:5ms, none or auto',
          zh: '下一个片段何时发出：drain（上一个已被读走）、gap:5ms、none 或 auto',
        })}
        refusal={refusalOf('pace')}
      >
        {(ties) => <input {...ties} class="mono" value={pace} onInput={({ currentTarget }) => fill({ pace: currentTarget.value })} />}
      </Field>
      <Field
        label={t({ en: 'Seed', zh: '种子' })}
        help={t({ en: 'a whole number; the same one gives the same random plans', zh: '整数；相同的种子得到相同的随机切法' })}
        refusal={refusalOf('seed')}
      >
        {(ties) => (
          <input
            {...ties}
            class="number-input"
            inputMode="numeric"
            value={seed}
            onInput={({ currentTarget }) => fill({ seed: currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}

function NumberFields({ refusalOf }: { readonly refusalOf: RefusalOf }): JSX.Element {
  const { concurrency, hang, silence, time } = draft.value;
  const ms = t({ en: 'ms', zh: '毫秒' });
  return (
    <div class="controls">
      <NumberField
        label={t({ en: 'Connections at once', zh: '同时连接数' })}
        value={concurrency}
        min={1}
        max={64}
        refusal={refusalOf('concurrency')}
        onInput={(value) => fill({ concurrency: value })}
      />
      <NumberField
        label={t({ en: 'Longest wait for an answer', zh: '等待响应的最长时间' })}
        help={t({ en: 'empty: 20 times the control, at least a second', zh: '留空：不拆分时的 20 倍，至少一秒' })}
        value={hang}
        min={50}
        max={30_000}
        unit={ms}
        refusal={refusalOf('hangMs')}
        onInput={(value) => fill({ hang: value })}
      />
      <NumberField
        label={t({ en: 'Silence that ends an answer', zh: '视为响应结束的静默时间' })}
        value={silence}
        min={10}
        max={10_000}
        unit={ms}
        refusal={refusalOf('quietMs')}
        onInput={(value) => fill({ silence: value })}
      />
      <NumberField
        label={t({ en: 'Longest campaign', zh: '测试的最长时间' })}
        value={time}
        min={1}
        max={600}
        unit={t({ en: 's', zh: '秒' })}
        refusal={refusalOf('maxTimeMs')}
        onInput={(value) => fill({ time: value })}
      />
    </div>
  );
}

function Masks({ masks }: { readonly masks: ProbeOffer['masks'] }): JSX.Element {
  const chosen = new Set(draft.value.masks.split(',').filter((name) => name !== ''));
  const toggle = (name: string, isOn: boolean): void => {
    const names = masks.map((mask) => mask.name).filter((each) => (each === name ? isOn : chosen.has(each)));
    fill({ masks: names.join(',') });
  };
  return (
    <fieldset>
      <legend>{t({ en: 'What may differ between two right answers', zh: '两个正确的响应之间可以不同的内容' })}</legend>
      {masks.map(({ name, summary }) => (
        <label key={name} class="mask">
          <input type="checkbox" checked={chosen.has(name)} onChange={({ currentTarget }) => toggle(name, currentTarget.checked)} />
          <code>{name}</code> {t(summary)}
        </label>
      ))}
    </fieldset>
  );
}
