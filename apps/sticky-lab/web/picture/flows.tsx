import { useState } from 'preact/hooks';
import { Field } from '../controls/field.tsx';
import { t } from '../shell/language.ts';
import { Peers } from './peers.tsx';
import { Picture } from './picture.tsx';
import { Strip } from './strip.tsx';
import type { RecordedFlow } from '@socklab/lab/picture';
import type { JSX } from 'preact';

/** What {@link Flows} shows. */
export interface FlowsProps {
  readonly list: readonly RecordedFlow[];
  /** How many more there were. */
  readonly omitted?: number;
}

/** The flows of a run: one, two side by side, or of many those that are chosen. */
export function Flows({ list, omitted = 0 }: FlowsProps): JSX.Element {
  const [first, second] = list;
  return (
    <div class="flows">
      {first === undefined && (
        <p class="quiet">{t({ en: 'No bytes went over a connection in this run.', zh: '这次运行没有通过连接传送字节。' })}</p>
      )}
      {first !== undefined && list.length <= 2 && <SideBySide shown={second === undefined ? [first] : [first, second]} />}
      {list.length > 2 && <Chooser list={list} />}
      <p class="quiet legend">
        {t({
          en: 'Each colour and pattern is one message, with its number. A red line is a seam: two messages in one read. A red tear is a cut: the message goes on in another box (“…”).',
          zh: '每种颜色和花纹代表一条消息，方框里是它的编号。红线是接缝：一次读取里有两条消息（粘）。红色锯齿是断口：这条消息被拆开（拆），在别的方框里还有一部分（“…”）。',
        })}
        {omitted > 0 && ` ${t({ en: `${omitted} more flows were not kept.`, zh: `另有 ${omitted} 个数据流未保留。` })}`}
      </p>
    </div>
  );
}

function SideBySide({ shown }: { readonly shown: readonly RecordedFlow[] }): JSX.Element {
  return (
    <div class={shown.length > 1 ? 'side-by-side' : undefined}>
      {shown.map((flow) => (
        <Picture key={flow.id} flow={flow} />
      ))}
    </div>
  );
}

function Chooser({ list }: { readonly list: readonly RecordedFlow[] }): JSX.Element {
  const [chosenId, setChosenId] = useState<number | null>(null);
  const [besideId, setBesideId] = useState<number | null>(null);
  const at = Math.max(
    0,
    list.findIndex(({ id }) => id === chosenId),
  );
  const chosen = list[at]!;
  const beside = list.find(({ id }) => id === besideId && id !== chosen.id);
  const goBy = (step: number): void => setChosenId(list[at + step]?.id ?? null);
  return (
    <>
      <Peers list={list} />
      <Strip list={list} chosen={chosen.id} onChoose={setChosenId} />
      <div class="controls chooser">
        <Choice label={t({ en: 'Flow', zh: '数据流' })} list={list} value={chosen.id} onChoose={setChosenId} />
        <button type="button" disabled={at === 0} onClick={() => goBy(-1)}>
          {t({ en: 'Previous', zh: '上一个' })}
        </button>
        <button type="button" disabled={at === list.length - 1} onClick={() => goBy(1)}>
          {t({ en: 'Next', zh: '下一个' })}
        </button>
        <Choice
          label={t({ en: 'Beside it', zh: '并排比较' })}
          none={t({ en: 'nothing', zh: '无' })}
          list={list.filter(({ id }) => id !== chosen.id)}
          value={beside?.id ?? null}
          onChoose={setBesideId}
        />
      </div>
      <SideBySide shown={beside === undefined ? [chosen] : [chosen, beside]} />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly list: readonly RecordedFlow[];
  readonly value: number | null;
  /** What it is called to choose none of them. */
  readonly none?: string;
  readonly onChoose: (id: number | null) => void;
}

function Choice({ label, list, value, none, onChoose }: ChoiceProps): JSX.Element {
  return (
    <Field label={label}>
      {(ties) => (
        <select
          {...ties}
          value={String(value ?? '')}
          onChange={({ currentTarget }) => onChoose(currentTarget.value === '' ? null : Number(currentTarget.value))}
        >
          {none !== undefined && <option value="">{none}</option>}
          {list.map((flow) => (
            <option key={flow.id} value={String(flow.id)}>
              {flow.id}. {t(flow.label)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
