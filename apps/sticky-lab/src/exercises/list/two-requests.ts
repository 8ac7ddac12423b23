import { answers } from '../checks/answers.ts';
import { survives } from '../checks/survives.ts';
import { ANSWERS, frames, GLUED } from './texts.ts';
import type { Exercise } from '../exercise.ts';

const ONE = [{ say: frames('one'), answer: frames('ONE') }];
const GLUED_THREE = [{ say: frames('one', 'two', ''), answer: frames('ONE', 'TWO', '') }];

/** Exercise `two-requests`. */
export const twoRequests: Exercise = {
  number: 10,
  id: 'two-requests',
  title: { en: 'Two requests in one read', zh: '一次读取里有两个请求' },
  kind: 'tcp-server',
  task: {
    en: 'As length-prefix-server. A client may send several messages before it reads an answer, empty ones too: answer all, in order.',
    zh: '与 length-prefix-server 相同。客户端可能连续发来多条消息再读响应，其中可能有空消息：按顺序全部响应。',
  },
  hints: [
    { en: 'After the first message your buffer may hold the second already.', zh: '处理完第一条消息时，缓冲区里可能已经有第二条了。' },
    {
      en: 'Take messages in a loop until what is left is no whole one. Then read again.',
      zh: '循环取出消息，直到剩下的不够一条，再去读取。',
    },
  ],
  checks: [answers(ANSWERS, 2, ONE), answers(GLUED, 4, GLUED_THREE), survives({ points: 4, turns: GLUED_THREE })],
};
