import { useId } from 'preact/hooks';
import type { JSX } from 'preact';

/** What {@link Field} shows. */
export interface FieldProps {
  readonly label: string;
  /** The help: its effect and its values. */
  readonly help?: string | undefined;
  /** Why the service, or the page, refused it. */
  readonly refusal?: string | undefined;
  /** The control: gets the attributes that link it to its label, help and refusal. */
  readonly children: (ties: ControlTies) => JSX.Element;
}

/** Attributes of a control. */
export interface ControlTies {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

/** A control with its label above it, and its help or what is wrong with it beneath. */
export function Field({ label, help, refusal, children }: FieldProps): JSX.Element {
  const id = useId();
  const parts = [help === undefined ? '' : `${id}-help`, refusal === undefined ? '' : `${id}-refusal`].filter((part) => part !== '');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': parts.length === 0 ? undefined : parts.join(' '), 'aria-invalid': refusal !== undefined })}
      {help !== undefined && (
        <span class="help" id={`${id}-help`}>
          {help}
        </span>
      )}
      {refusal !== undefined && (
        <span class="refusal" id={`${id}-refusal`} role="alert">
          {refusal}
        </span>
      )}
    </div>
  );
}
