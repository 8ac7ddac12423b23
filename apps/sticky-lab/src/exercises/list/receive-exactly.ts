import { answers } from '../checks/answers.ts';
import { survives } from '../checks/survives.ts';
import { ANSWERS, GLUED, turn } from './texts.ts';
import type { Exercise } from '../exercise.ts';

const TURNS = [turn('abcdefgh01234567', '76543210hgfedcba')];
const TWO = [turn('abcdefgh01234567ABCDEFGH89898989', '76543210hgfedcba98989898HGFEDCBA')];

/** Exercise `receive-exactly`. */
export const receiveExactly: Exercise = {
  number: 5,
  id: 'receive-exactly',
  title: { en: 'Receive exactly n', zh: '恰好接收 n 个字节' },
  kind: 'tcp-server',
  task: {
    en: 'A request is 16 bytes, without anything after it. Answer it with the same bytes in reverse order. Requests may follow each other at once.',
    zh: '一个请求恰好 16 个字节，后面没有任何标记。把这些字节倒序发回。请求可能一个紧接一个。',
  },
  hints: [
    { en: 'recv(16) gives at most 16 bytes.', zh: 'recv(16) 最多给 16 个字节。' },
    {
      en: 'Call recv again for what is missing: recv(16 - len(have)), until there are 16.',
      zh: '缺多少就再读多少：recv(16 - len(have))，直到凑满 16 个。',
    },
  ],
  checks: [answers(ANSWERS, 3, TURNS), answers(GLUED, 2, TWO), survives({ points: 5, turns: TURNS })],
};
