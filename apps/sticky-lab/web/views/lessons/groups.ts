import type { Text } from '../../shell/language.ts';

/** A group of lessons, by the number of the first. */
export interface LessonGroup {
  readonly from: number;
  readonly title: Text;
}

/** The groups, in order; each goes up to the next. */
export const GROUPS: readonly LessonGroup[] = [
  { from: 1, title: { en: 'How programs meet', zh: '程序怎样相遇' } },
  { from: 5, title: { en: 'What UDP does, and TCP does not', zh: 'UDP 会怎样，TCP 不会' } },
  { from: 10, title: { en: 'Sticky packets', zh: '粘包与拆包' } },
  { from: 12, title: { en: 'The fix and its holes', zh: '解决办法和它的漏洞' } },
];

/** The group that begins with this lesson, if one does. */
export function groupBeginning(lesson: number): LessonGroup | undefined {
  return GROUPS.find(({ from }) => from === lesson);
}
