import { t } from '../shell/language.ts';
import { Field } from './field.tsx';
import type { JSX } from 'preact';

/** What {@link FramingField} shows and tells. */
export interface FramingFieldProps {
  readonly names: readonly string[];
  /** One of `names`; or a short form, or a layout as JSON. */
  readonly value: string;
  readonly help: string | undefined;
  readonly refusal: string | undefined;
  readonly onChange: (framing: string) => void;
}

/** A layout to begin with. */
const LAYOUT = '{"kind":"frame","header":[{"name":"length","field":"u16be"}]}';

/** A framing: one with a name, or a layout that is typed or comes from a file. */
export function FramingField({ names, value, help, refusal, onChange }: FramingFieldProps): JSX.Element {
  const isNamed = names.includes(value);
  return (
    <>
      <Field label={t({ en: 'Framing', zh: '分帧方式' })} help={help} refusal={isNamed ? refusal : undefined}>
        {(ties) => (
          <select {...ties} value={isNamed ? value : LAYOUT} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
            <option value={LAYOUT}>{t({ en: 'a layout…', zh: '布局…' })}</option>
          </select>
        )}
      </Field>
      {!isNamed && (
        <Field
          label={t({ en: 'Layout', zh: '布局' })}
          help={t({ en: String.raw`JSON, or a short form such as delimited:\0`, zh: String.raw`JSON，或简写，如 delimited:\0` })}
          refusal={refusal}
        >
          {(ties) => (
            <>
              <textarea
                {...ties}
                rows={4}
                spellcheck={false}
                value={value}
                onInput={({ currentTarget }) => onChange(currentTarget.value)}
              />
              <input
                type="file"
                accept=".json"
                aria-label={t({ en: 'Layout file', zh: '布局文件' })}
                onChange={({ currentTarget }) => void currentTarget.files?.[0]?.text().then(onChange)}
              />
            </>
          )}
        </Field>
      )}
    </>
  );
}
