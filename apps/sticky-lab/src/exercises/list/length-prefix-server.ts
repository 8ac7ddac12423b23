import { answers } from '../checks/answers.ts';
import { survives } from '../checks/survives.ts';
import { ANSWERS, frames } from './texts.ts';
import type { Exercise } from '../exercise.ts';

const TURNS = [
  { say: frames('hello'), answer: frames('HELLO') },
  { say: frames('sticky packets'), answer: frames('STICKY PACKETS') },
];

/** Exercise `length-prefix-server`. */
export const lengthPrefixServer: Exercise = {
  number: 6,
  id: 'length-prefix-server',
  title: { en: 'A server with a length before each message', zh: '带长度头部的服务器' },
  kind: 'tcp-server',
  task: {
    en: 'A message is its length in 4 bytes, big-endian, and then so many bytes of ASCII. Answer each with the same text in upper case, as a message of the same form.',
    zh: '一条消息先是 4 字节大端长度，然后是这么多字节的 ASCII 文本。把文本转成大写，用同样的格式发回。',
  },
  hints: [
    { en: 'Can the length itself be cut in two?', zh: '长度本身会不会被拆成两段？' },
    {
      en: 'recv(4) may give 1 byte. Write recv_exactly(n), and use it for the length and for the text.',
      zh: 'recv(4) 可能只给 1 个字节。写一个 recv_exactly(n)，读长度和读文本都用它。',
    },
  ],
  checks: [answers(ANSWERS, 3, TURNS), survives({ points: 7, turns: TURNS })],
};
