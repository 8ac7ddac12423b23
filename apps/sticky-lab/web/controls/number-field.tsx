import { t } from '../shell/language.ts';
import { Field } from './field.tsx';
import type { JSX } from 'preact';

/** What {@link NumberField} shows. */
export interface NumberFieldProps {
  readonly label: string;
  /** The text as typed. {@link wholeNumber} parses it. */
  readonly value: string;
  readonly min: number;
  readonly max: number;
  /** What is counted, in the reader's language. */
  readonly unit?: string;
  /** What it does. */
  readonly help?: string;
  readonly refusal?: string | undefined;
  readonly onInput: (value: string) => void;
}

/** A whole number with its limits below. The service checks the limits. */
export function NumberField({ label, value, min, max, unit, help, refusal, onInput }: NumberFieldProps): JSX.Element {
  const limits = t({ en: `${min} to ${max}`, zh: `${min} 到 ${max}` });
  const allowed = unit === undefined ? limits : `${limits} ${unit}`;
  const whole = help === undefined ? allowed : t({ en: `${help}: ${allowed}`, zh: `${help}：${allowed}` });
  return (
    <Field label={label} help={whole} refusal={refusal}>
      {(ties) => (
        <input
          {...ties}
          class="number-input"
          type="text"
          inputMode="numeric"
          value={value}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** The whole number that was typed, or `undefined`. */
export function wholeNumber(typed: string): number | undefined {
  return /^\s*[+-]?\d{1,15}\s*$/.test(typed) ? Number(typed) : undefined;
}

/** The message next to a field without a whole number. */
export function noWholeNumber(typed: string): string {
  const seen = JSON.stringify(typed.slice(0, 40));
  return t({ en: `${seen} is not a whole number`, zh: `${seen} 不是整数` });
}
