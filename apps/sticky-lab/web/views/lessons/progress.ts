import { effect, signal } from '@preact/signals';
import type { Answer, RunReport } from '@socklab/lab';

/** The visitor's progress in one lesson. */
export interface LessonProgress {
  /** The first prediction; `null` when it was skipped. */
  readonly guess: Answer | null;
  readonly isRight: boolean;
  /** The completed challenges, by index. */
  readonly met: readonly number[];
}

const KEY = 'lessons';

/** The visitor's progress, by lesson; kept in the browser only. */
export const progress = signal<Readonly<Record<string, LessonProgress>>>(read());

effect(() => localStorage.setItem(KEY, JSON.stringify(progress.value)));

/** Records a run that the visitor made or skipped to. The first prediction counts. */
export function note({ id, answer, met }: RunReport, guess: Answer | null): void {
  const before = progress.peek()[id];
  const first = before ?? { guess, isRight: guess !== null && guess === answer, met: [] };
  const all = new Set([...first.met, ...met.flatMap((isMet, at) => (isMet ? [at] : []))]);
  if (before !== undefined && all.size === before.met.length) return;
  progress.value = { ...progress.peek(), [id]: { ...first, met: [...all] } };
}

/** The progress of an earlier visit; empty when it cannot be parsed. */
function read(): Readonly<Record<string, LessonProgress>> {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof known !== 'object' || known === null) return {};
    return Object.fromEntries(Object.entries(known).filter((entry): entry is [string, LessonProgress] => isProgress(entry[1])));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}

function isProgress(value: unknown): value is LessonProgress {
  return (
    typeof value === 'object' && value !== null && 'guess' in value && 'isRight' in value && 'met' in value && Array.isArray(value.met)
  );
}
