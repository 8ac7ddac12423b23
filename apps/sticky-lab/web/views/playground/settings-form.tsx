import { PLAYGROUND_FRAMINGS } from '../../../src/framing-lists.ts';
import { FIRST_READS, RANGES, WRITE_MODES } from '../../../src/pages/playground/settings.ts';
import { Field } from '../../controls/field.tsx';
import { FramingField } from '../../controls/framing-field.tsx';
import { t } from '../../shell/language.ts';
import { FIRST_READ, FIRST_READ_WORDS, FRAMING_HELP, MESSAGES, NAGLE, NUMBERS, WRITE, WRITE_WORDS } from './words.ts';
import type { NumberName, SettingName } from '../../../src/pages/playground/settings.ts';
import type { Text } from '../../shell/language.ts';
import type { Draft } from './draft.ts';
import type { ControlWords } from './words.ts';
import type { ComponentChildren, JSX } from 'preact';

/** What {@link SettingsForm} shows and tells. */
export interface SettingsFormProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly onRun: () => void;
  /** Why the service refused a setting. */
  readonly refusal: { readonly field: string; readonly text: string } | undefined;
  /** The buttons at the end. */
  readonly children: ComponentChildren;
}

interface ControlProps extends SettingsFormProps {
  readonly name: SettingName;
  readonly words: ControlWords;
}

interface ChoiceProps extends ControlProps {
  readonly choices: readonly { readonly value: string; readonly title: string }[];
}

/** All settings of a run. Those without effect are hidden. */
export function SettingsForm(props: SettingsFormProps): JSX.Element {
  const { draft, onRun, children } = props;
  const submit = (event: Event): void => {
    event.preventDefault();
    onRun();
  };
  const number = (name: NumberName): JSX.Element => <NumberControl {...props} name={name} words={NUMBERS[name]} />;
  return (
    // Limits are reported by the service: in one place, in the language of the page.
    <form class="playground-form" noValidate onSubmit={submit}>
      <div class="playground-groups">
        <Group title={{ en: 'What is sent', zh: '发送什么' }}>
          <MessagesControl {...props} name="messages" words={MESSAGES} />
          {number('repeat')}
          <FramingField
            names={PLAYGROUND_FRAMINGS}
            value={draft.framing}
            help={t(FRAMING_HELP)}
            refusal={refusalOf(props, 'framing')}
            onChange={(value) => props.onChange({ ...draft, framing: value })}
          />
        </Group>
        <Group title={{ en: 'How it is written', zh: '怎样写' }}>
          <Choice {...props} name="write" words={WRITE} choices={titled(WRITE_MODES, WRITE_WORDS)} />
          {draft.write === 'gap' && number('gapMs')}
          {draft.write === 'pieces' && number('pieceBytes')}
          <NagleControl {...props} name="noDelay" words={NAGLE} />
        </Group>
        <Group title={{ en: 'How it is read', zh: '怎样读' }}>
          {number('readBytes')}
          <Choice {...props} name="firstRead" words={FIRST_READ} choices={titled(FIRST_READS, FIRST_READ_WORDS)} />
          {draft.firstRead === 'delayed' && number('firstReadMs')}
          {number('readGapMs')}
        </Group>
      </div>
      <div class="controls">{children}</div>
    </form>
  );
}

function titled<Value extends string>(values: readonly Value[], words: Readonly<Record<Value, Text>>): ChoiceProps['choices'] {
  return values.map((value) => ({ value, title: t(words[value]) }));
}

function Group({ title, children }: { readonly title: Text; readonly children: ComponentChildren }): JSX.Element {
  return (
    <fieldset class="playground-group">
      <legend>{t(title)}</legend>
      {children}
    </fieldset>
  );
}

function refusalOf({ refusal }: SettingsFormProps, name: SettingName): string | undefined {
  // One message among many is named by its number too.
  return refusal !== undefined && refusal.field.split('.')[0] === name ? refusal.text : undefined;
}

function changed({ draft, name, onChange }: ControlProps, value: string): void {
  onChange({ ...draft, [name]: value });
}

function MessagesControl(props: ControlProps): JSX.Element {
  const { draft, words } = props;
  return (
    <Field label={t(words.label)} help={t(words.help)} refusal={refusalOf(props, props.name)}>
      {(ties) => (
        <textarea
          {...ties}
          rows={4}
          spellcheck={false}
          value={draft.messages}
          onInput={({ currentTarget }) => changed(props, currentTarget.value)}
        />
      )}
    </Field>
  );
}

function NumberControl(props: ControlProps & { readonly name: NumberName }): JSX.Element {
  const { draft, name, words } = props;
  return (
    <Field label={t(words.label)} help={t(words.help)} refusal={refusalOf(props, props.name)}>
      {(ties) => (
        <input
          {...ties}
          type="number"
          min={RANGES[name].min}
          max={RANGES[name].max}
          value={draft[name]}
          onInput={({ currentTarget }) => changed(props, currentTarget.value)}
        />
      )}
    </Field>
  );
}

function Choice(props: ChoiceProps): JSX.Element {
  const { draft, name, words, choices } = props;
  return (
    <Field label={t(words.label)} help={t(words.help)} refusal={refusalOf(props, props.name)}>
      {(ties) => (
        <select {...ties} value={draft[name]} onChange={({ currentTarget }) => changed(props, currentTarget.value)}>
          {choices.map(({ value, title }) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function NagleControl(props: ControlProps): JSX.Element {
  const { draft, words } = props;
  return (
    <Field label={t(words.label)} help={t(words.help)} refusal={refusalOf(props, props.name)}>
      {(ties) => (
        <input
          {...ties}
          class="playground-check"
          type="checkbox"
          checked={draft.noDelay === 'true'}
          onChange={({ currentTarget }) => changed(props, String(currentTarget.checked))}
        />
      )}
    </Field>
  );
}
