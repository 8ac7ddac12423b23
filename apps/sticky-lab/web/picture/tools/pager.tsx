import { t } from '../../shell/language.ts';
import type { JSX } from 'preact';

/** Events that are drawn at a time: several screens, and few enough to be drawn without a pause. */
export const WINDOW = 80;

/** What {@link Pager} shows. */
export interface PagerProps {
  readonly first: number;
  readonly total: number;
  readonly onMove: (first: number) => void;
}

/** Pages through more events than are drawn at a time. Nothing when all are drawn. */
export function Pager({ first, total, onMove }: PagerProps): JSX.Element | null {
  if (total <= WINDOW) return null;
  const last = Math.min(total, first + WINDOW);
  return (
    <div class="pager">
      <button type="button" disabled={first === 0} aria-label={t({ en: 'The first events', zh: '最早的事件' })} onClick={() => onMove(0)}>
        ⇤
      </button>
      <button type="button" disabled={first === 0} onClick={() => onMove(first - WINDOW)}>
        {t({ en: 'Earlier', zh: '更早' })}
      </button>
      <span>{t({ en: `${first + 1}–${last} of ${total} events`, zh: `第 ${first + 1}–${last} 项，共 ${total} 项` })}</span>
      <button type="button" disabled={last === total} onClick={() => onMove(first + WINDOW)}>
        {t({ en: 'Later', zh: '更晚' })}
      </button>
      <button
        type="button"
        disabled={last === total}
        aria-label={t({ en: 'The last events', zh: '最晚的事件' })}
        onClick={() => onMove(total - 1)}
      >
        ⇥
      </button>
    </div>
  );
}

/** Where the window with this event begins. */
export function windowOf(event: number): number {
  return Math.floor(event / WINDOW) * WINDOW;
}

/** The same place, clamped to fewer events. */
export function clampedFirst(first: number, total: number): number {
  return windowOf(Math.max(0, Math.min(first, total - 1)));
}
