import { effect, signal } from '@preact/signals';
import type { Answer, RunReport } from '@socklab/lab';

/** What the visitor did in one lesson. */
export interface LessonProgress {
  /** What was predicted first; `null` when it was skipped. */
  readonly guess: Answer | null;
  readonly isRight: boolean;
  /** The challenges that were met, by their places. */
  readonly met: readonly number[];
}

const KEY = 'lessons';

/** What the visitor did, by the lesson; kept in the browser and nowhere else. */
export const progress = signal<Readonly<Record<string, LessonProgress>>>(read());

effect(() => localStorage.setItem(KEY, JSON.stringify(progress.value)));

/** Notes a run that the visitor made, or had shown. The first prediction counts. */
export function note({ id, answer, met }: RunReport, guess: Answer | null): void {
  const before = progress.peek()[id];
  const first = before ?? { guess, isRight: guess !== null && guess === answer, met: [] };
  const all = new Set([...first.met, ...met.flatMap((isMet, at) => (isMet ? [at] : []))]);
  if (before !== undefined && all.size === before.met.length) return;
  progress.value = { ...progress.peek(), [id]: { ...first, met: [...all] } };
}

/** What an earlier visit left; nothing when it cannot be read. */
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
