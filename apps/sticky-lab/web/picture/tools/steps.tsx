import { t } from '../../shell/language.ts';
import type { JSX } from 'preact';

/** What {@link Steps} shows, and whom it tells. */
export interface StepsProps {
  /** The event that was gone to; `null` before the first step. */
  readonly at: number | null;
  readonly total: number;
  readonly onStep: (event: number) => void;
}

/** Goes through the events one by one, without arrow keys. */
export function Steps({ at, total, onStep }: StepsProps): JSX.Element {
  const number = at === null ? 0 : at + 1;
  return (
    <div class="steps" role="group" aria-label={t({ en: 'Step by step', zh: '逐步查看' })}>
      <button
        type="button"
        disabled={number <= 1}
        aria-label={t({ en: 'One step back', zh: '后退一步' })}
        onClick={() => onStep(number - 2)}
      >
        ◀
      </button>
      <span>
        {number === 0
          ? t({ en: 'step by step', zh: '逐步查看' })
          : t({ en: `step ${number} of ${total}`, zh: `第 ${number} / ${total} 步` })}
      </span>
      <button type="button" disabled={number >= total} aria-label={t({ en: 'One step on', zh: '前进一步' })} onClick={() => onStep(number)}>
        ▶
      </button>
    </div>
  );
}
