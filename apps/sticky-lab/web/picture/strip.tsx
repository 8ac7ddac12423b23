import { fateOf } from '@socklab/lab/picture';
import { t } from '../shell/language.ts';
import type { Conversation } from '@socklab/lab/picture';
import type { JSX } from 'preact';

/** Fewer conversations are told apart by their names. */
const LEAST = 6;

/** What {@link Strip} shows, and whom it tells. */
export interface StripProps {
  readonly list: readonly Conversation[];
  /** The one that is drawn. */
  readonly chosen: number;
  readonly onChoose: (id: number) => void;
}

/** What came out of each of many conversations at a glance, those of a name in one row. Nothing where they were not decoded. */
export function Strip({ list, chosen, onChoose }: StripProps): JSX.Element | null {
  const decoded = list.filter((conversation) => fateOf(conversation) !== undefined);
  if (decoded.length < LEAST) return null;
  const rows = Map.groupBy(decoded, ({ label }) => rowName(t(label)));
  return (
    <div class="fates" role="group" aria-label={t({ en: 'What came out', zh: '各次结果' })}>
      {[...rows].map(([name, row]) => (
        <>
          <span>{name}</span>
          <span class="fate-cells">
            {row.map((conversation) => (
              <Cell key={conversation.id} conversation={conversation} isChosen={conversation.id === chosen} onChoose={onChoose} />
            ))}
          </span>
        </>
      ))}
    </div>
  );
}

/** What conversations have in common that differ by a number, or by what stands behind a comma. */
function rowName(label: string): string {
  return (label.split(/[,，]/)[0] ?? '').replaceAll(/\d+/g, '…');
}

interface CellProps {
  readonly conversation: Conversation;
  readonly isChosen: boolean;
  readonly onChoose: (id: number) => void;
}

function Cell({ conversation, isChosen, onChoose }: CellProps): JSX.Element {
  const isWhole = fateOf(conversation) === 'whole';
  const name = `${t(conversation.label)}: ${isWhole ? t({ en: 'whole', zh: '完整' }) : t({ en: 'broken', zh: '出错' })}`;
  return (
    <button
      type="button"
      title={name}
      aria-label={name}
      aria-pressed={isChosen}
      data-fate={isWhole ? 'whole' : 'broken'}
      onClick={() => onChoose(conversation.id)}
    >
      {isWhole ? '✓' : '✕'}
    </button>
  );
}
