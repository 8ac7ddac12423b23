import { FRAMING_NAMES } from '../../../src/framing-lists.ts';
import { Field } from '../../controls/field.tsx';
import { t } from '../../shell/language.ts';
import { WAYS } from './draft.ts';
import type { AskError } from '../../shell/ask.ts';
import type { Text } from '../../shell/language.ts';
import type { Draft, Way } from './draft.ts';
import type { JSX } from 'preact';

/** Properties of every field of the form. */
export interface FieldOptions {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  /** The address of the page should say what the form says. */
  readonly onSettled: () => void;
  /** What the service did not take, and why. */
  readonly refusal: AskError | undefined;
}

/** A field that is typed. */
export type TypedField = 'address' | 'name' | 'quit';

const TYPED: Readonly<Record<TypedField, { readonly label: Text; readonly help: Text }>> = {
  address: {
    label: { en: 'Address', zh: '地址' },
    help: { en: 'HOST:PORT, of this machine or a private network', zh: '主机:端口，限本机或私有网络' },
  },
  name: { label: { en: 'Name', zh: '名字' }, help: { en: 'what the others see', zh: '其他人看到的名字' } },
  quit: {
    label: { en: 'Quit word', zh: '退出口令' },
    help: { en: 'from either side, ends it; empty: nothing does', zh: '任一方说出即结束；留空则没有' },
  },
};

/** The fields that a way of talking has, besides the way itself. */
export function fieldsOf({ way }: Draft): readonly (TypedField | 'framing')[] {
  if (way === 'tcp') return ['address', 'framing', 'quit'];
  return way === 'room' ? ['address', 'name'] : ['address', 'quit'];
}

/** A field that is typed. */
export function TypedInput({ field, draft, onDraft, onSettled, refusal }: FieldOptions & { readonly field: TypedField }): JSX.Element {
  const { label, help } = TYPED[field];
  return (
    <Field label={t(label)} help={t(help)} refusal={refusal?.field === field ? refusal.text : undefined}>
      {(ties) => (
        <input
          {...ties}
          value={draft[field]}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => onDraft({ ...draft, [field]: currentTarget.value })}
          onChange={onSettled}
        />
      )}
    </Field>
  );
}

/** Chooses between TCP and UDP. */
export function WayChoice({ draft, onDraft, onSettled }: FieldOptions): JSX.Element {
  return (
    <Field label={t({ en: 'Talk over', zh: '方式' })}>
      {(ties) => (
        <select
          {...ties}
          value={draft.way}
          onChange={({ currentTarget }) => {
            onDraft({ ...draft, way: currentTarget.value as Way });
            onSettled();
          }}
        >
          {Object.entries(WAYS).map(([way, text]) => (
            <option key={way} value={way}>
              {t(text)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Chooses how messages are framed. */
export function FramingChoice({ draft, onDraft, onSettled, refusal }: FieldOptions): JSX.Element {
  return (
    <Field
      label={t({ en: 'Framing', zh: '分帧方式' })}
      help={t({ en: 'the same on both sides', zh: '两端必须相同' })}
      refusal={refusal?.field === 'framing' ? refusal.text : undefined}
    >
      {(ties) => (
        <select
          {...ties}
          value={draft.framing}
          onChange={({ currentTarget }) => {
            onDraft({ ...draft, framing: currentTarget.value });
            onSettled();
          }}
        >
          {FRAMING_NAMES.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
