import { useId } from 'preact/hooks';
import { BOUNDED_FRAMINGS } from '../../../src/framing-lists.ts';
import { PLAN_HELP } from '../../../src/pages/proxy/plan-help.ts';
import { Field } from '../../controls/field.tsx';
import { t } from '../../shell/language.ts';
import type { Text } from '../../shell/language.ts';
import type { JSX } from 'preact';

/** Settings that can be changed while a proxy runs, then those that are fixed at its start. */
export const SETTING_NAMES = ['plan', 'pace', 'seed', 'direction', 'latency', 'rate'] as const;
export const REQUEST_NAMES = ['target', 'listen', 'framing', ...SETTING_NAMES] as const;

/** The name of a field, as the service calls it. */
export type FieldName = (typeof REQUEST_NAMES)[number];

/** What stands in the fields. */
export type FieldTexts = Readonly<Partial<Record<FieldName, string>>>;

/** What {@link RequestField} shows. */
export interface RequestFieldProps {
  readonly name: FieldName;
  readonly value: string;
  readonly refusal: string | undefined;
  readonly onInput: (value: string) => void;
}

interface Words {
  readonly label: Text;
  readonly help?: Text;
  readonly example: string;
  readonly choices?: readonly string[];
  /** What choices are called, where they are not shown as they are written. */
  readonly names?: Readonly<Record<string, Text>>;
  /** Plans may be joined, so free text is possible. */
  readonly isOpen?: boolean;
}

const WORDS: Readonly<Record<FieldName, Words>> = {
  target: {
    label: { en: 'Target', zh: '目标' },
    help: { en: 'Where the bytes go: this machine or a private network', zh: '字节送往何处：本机或私有网络' },
    example: '127.0.0.1:9000',
  },
  listen: {
    label: { en: 'Listen on', zh: '监听地址' },
    help: { en: 'Port 0: any that is free', zh: '端口 0：任选空闲端口' },
    example: '127.0.0.1:0',
  },
  framing: {
    label: { en: 'Framing', zh: '分帧方式' },
    help: { en: 'Where messages are; some plans need it', zh: '消息边界在何处；部分切法需要它' },
    example: '',
    choices: ['', ...BOUNDED_FRAMINGS],
    names: { '': { en: 'none', zh: '无' } },
  },
  plan: {
    label: { en: 'Plan', zh: '切法' },
    help: { en: 'How bytes are cut and glued; joined with +', zh: '怎样拆开和粘连字节；可用 + 连接' },
    example: 'pass',
    choices: PLAN_HELP.map(({ example }) => example),
    isOpen: true,
  },
  pace: {
    label: { en: 'Pace', zh: '发送节奏' },
    help: { en: 'When the next piece goes out; drain: the last one was read', zh: '何时发下一个片段；drain：上一个已被读走' },
    example: 'none',
    choices: ['none', 'gap:5ms', 'drain', 'auto'],
    isOpen: true,
  },
  seed: {
    label: { en: 'Seed', zh: '种子' },
    help: { en: 'The same seed cuts at the same places', zh: '相同种子，切在相同位置' },
    example: '1',
  },
  direction: {
    label: { en: 'Direction', zh: '方向' },
    example: 'both',
    choices: ['both', 'up', 'down'],
    names: {
      both: { en: 'both ways', zh: '双向' },
      up: { en: 'client → target', zh: '客户端 → 目标' },
      down: { en: 'target → client', zh: '目标 → 客户端' },
    },
  },
  latency: { label: { en: 'Latency', zh: '延迟' }, help: { en: '20ms, or 20ms±5ms', zh: '20ms，或 20ms±5ms' }, example: '0ms' },
  rate: { label: { en: 'Rate', zh: '速率' }, help: { en: '1MiB/s, or off', zh: '1MiB/s，或 off' }, example: 'off' },
};

/** One field of a request, with its name, its help and what is wrong with it. */
export function RequestField({ name, value, refusal, onInput }: RequestFieldProps): JSX.Element {
  const listId = useId();
  const { label, help, example, choices, names = {}, isOpen = false } = WORDS[name];
  return (
    <Field label={t(label)} help={help === undefined ? undefined : t(help)} refusal={refusal}>
      {(ties) =>
        choices === undefined || isOpen ? (
          <>
            <input
              {...ties}
              class="mono"
              name={name}
              value={value}
              placeholder={example}
              autocomplete="off"
              spellcheck={false}
              list={isOpen ? listId : undefined}
              onInput={({ currentTarget }) => onInput(currentTarget.value)}
            />
            {isOpen && (
              <datalist id={listId}>
                {choices?.map((choice) => (
                  <option key={choice} value={choice} />
                ))}
              </datalist>
            )}
          </>
        ) : (
          <select {...ties} name={name} value={value} onChange={({ currentTarget }) => onInput(currentTarget.value)}>
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {names[choice] === undefined ? choice : t(names[choice])}
              </option>
            ))}
          </select>
        )
      }
    </Field>
  );
}

/** The effect of every plan. */
export function PlanHelp(): JSX.Element {
  return (
    <details class="proxy-plans">
      <summary>{t({ en: 'The plans', zh: '切法一览' })}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t({ en: 'Plan', zh: '切法' })}</th>
            <th scope="col">{t({ en: 'What it does', zh: '作用' })}</th>
          </tr>
        </thead>
        <tbody>
          {PLAN_HELP.map(({ example, what }) => (
            <tr key={example}>
              <th scope="row">
                <code>{example}</code>
              </th>
              <td>{t(what)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
