import { effect, signal } from '@preact/signals';
import type { Grade } from '../../../src/exercises/grade.ts';
import type { Text } from '../../shell/language.ts';

const KEY = 'exercises';

/** The passed exercises, by name; kept in the browser only. */
export const passed = signal<readonly string[]>((localStorage.getItem(KEY) ?? '').split(' ').filter((id) => /^[\w-]+$/u.test(id)));

effect(() => localStorage.setItem(KEY, passed.value.join(' ')));

/** Records a passing grade. */
export function notePassed({ id, isPassed }: Grade): void {
  if (isPassed && !passed.peek().includes(id)) passed.value = [...passed.peek(), id];
}

/** The output of `sticky-lab exercise --json` for this exercise, or why it is not valid. */
export function readGrade(text: string, id: string): Grade | Text {
  const given = parsed(text);
  if (!isGrade(given)) {
    return { en: 'this is not what sticky-lab exercise --json prints', zh: '这不是 sticky-lab exercise --json 的输出' };
  }
  if (given.id === id) return given;
  const seen = JSON.stringify(given.id.slice(0, 40));
  return { en: `this is the grade of another exercise: ${seen}`, zh: `这是另一道练习的成绩：${seen}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function isGrade(value: unknown): value is Grade {
  if (!has(value, ['exercise', 'id', 'title', 'isPassed', 'points', 'maxPoints', 'checks'])) return false;
  const { id, title, checks } = value;
  return typeof id === 'string' && isText(title) && Array.isArray(checks) && checks.every(isCheck);
}

function isCheck(value: unknown): boolean {
  return has(value, ['name', 'points', 'isMet', 'isTried', 'story']) && isText(value['name']);
}

function isText(value: unknown): boolean {
  return has(value, ['en', 'zh']);
}

function has(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && names.every((name) => Object.hasOwn(value, name));
}
