import { answers } from '../checks/answers.ts';
import { survives } from '../checks/survives.ts';
import { ANSWERS, GLUED, turn } from './texts.ts';
import type { Exercise } from '../exercise.ts';

const THREE = [turn('a\nbb\n\n', '1\n2\n0\n')];

/** Exercise `lines`. */
export const lines: Exercise = {
  number: 8,
  id: 'lines',
  title: { en: 'Lines', zh: '按行处理' },
  kind: 'tcp-server',
  task: {
    en: 'Answer each line with how many bytes it has, the newline not counted, and a newline. An empty line has 0.',
    zh: '对每一行，响应它有多少个字节（不算换行）和一个换行。空行响应 0。',
  },
  hints: [
    { en: 'One read may hold three lines, or a third of one.', zh: '一次读取里可能有三行，也可能只有三分之一行。' },
    { en: 'Split what you have at newlines; the last part is no line yet: keep it.', zh: '按换行切开；最后一段还不是一行：留着它。' },
  ],
  checks: [
    answers(ANSWERS, 3, [turn('four\n', '4\n'), turn('\n', '0\n')]),
    answers(GLUED, 3, THREE),
    survives({ points: 4, turns: THREE }),
  ],
};
