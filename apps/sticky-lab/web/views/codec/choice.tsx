import { t } from '../../shell/language.ts';
import type { TypedAs } from '../../../src/pages/codec/encode.ts';
import type { Text } from '../../shell/language.ts';
import type { JSX } from 'preact';

const NAMES: Readonly<Record<TypedAs, Text>> = { hex: { en: 'Hex', zh: '十六进制' }, text: { en: 'Text', zh: '文本' } };

/** Whether bytes are typed as hex or as text. */
export function TypedAsChoice(props: {
  readonly label: string;
  readonly value: TypedAs;
  readonly onChange: (as: TypedAs) => void;
}): JSX.Element {
  return (
    <span class="choice" role="group" aria-label={props.label}>
      {(['hex', 'text'] as const).map((as) => (
        <button key={as} type="button" aria-pressed={props.value === as} onClick={() => props.onChange(as)}>
          {t(NAMES[as])}
        </button>
      ))}
    </span>
  );
}
