import { fateOf } from '@socklab/lab/picture';
import { t } from '../shell/language.ts';
import type { RecordedFlow } from '@socklab/lab/picture';
import type { JSX } from 'preact';

/** Fewer flows are told apart by their names. */
const LEAST = 6;

/** What {@link Strip} shows, and whom it tells. */
export interface StripProps {
  readonly list: readonly RecordedFlow[];
  /** The one that is drawn. */
  readonly chosen: number;
  readonly onChoose: (id: number) => void;
}

/** What came out of each of many flows at a glance, those of a name in one row. Nothing where they were not decoded. */
export function Strip({ list, chosen, onChoose }: StripProps): JSX.Element | null {
  const decoded = list.filter((flow) => fateOf(flow) !== undefined);
  if (decoded.length < LEAST) return null;
  const rows = Map.groupBy(decoded, ({ label }) => rowName(t(label)));
  return (
    <div class="fates" role="group" aria-label={t({ en: 'What came out', zh: '各次结果' })}>
      {[...rows].map(([name, row]) => (
        <>
          <span>{name}</span>
          <span class="fate-cells">
            {row.map((flow) => (
              <Cell key={flow.id} flow={flow} isChosen={flow.id === chosen} onChoose={onChoose} />
            ))}
          </span>
        </>
      ))}
    </div>
  );
}

/** What flows have in common that differ by a number, or by what stands behind a comma. */
function rowName(label: string): string {
  return (label.split(/[,，]/)[0] ?? '').replaceAll(/\d+/g, '…');
}

interface CellProps {
  readonly flow: RecordedFlow;
  readonly isChosen: boolean;
  readonly onChoose: (id: number) => void;
}

function Cell({ flow, isChosen, onChoose }: CellProps): JSX.Element {
  const isWhole = fateOf(flow) === 'whole';
  const name = `${t(flow.label)}: ${isWhole ? t({ en: 'whole', zh: '完整' }) : t({ en: 'broken', zh: '出错' })}`;
  return (
    <button
      type="button"
      title={name}
      aria-label={name}
      aria-pressed={isChosen}
      data-fate={isWhole ? 'whole' : 'broken'}
      onClick={() => onChoose(flow.id)}
    >
      {isWhole ? '✓' : '✕'}
    </button>
  );
}
