import { answers } from '../checks/answers.ts';
import { survives } from '../checks/survives.ts';
import { ANSWERS, turn } from './texts.ts';
import type { Exercise } from '../exercise.ts';

const TURNS = [turn('alex\n', 'hello, alex\n'), turn('li lei\n', 'hello, li lei\n')];

/** Exercise `greet`. */
export const greet: Exercise = {
  number: 1,
  id: 'greet',
  title: { en: 'Greet', zh: '打招呼' },
  kind: 'tcp-server',
  task: {
    en: 'A client sends names, one a line. Answer each with "hello, NAME" and a newline, as soon as its line is complete. Go on serving when a client leaves.',
    zh: '客户端每行发送一个名字。收齐一行就响应“hello, 名字”和一个换行。客户端离开后继续服务。',
  },
  hints: [
    { en: 'How many bytes does one recv give you? Must it be a whole line?', zh: '一次 recv 会给你多少字节？一定是完整的一行吗？' },
    { en: 'Keep what you have read until a newline is in it.', zh: '把读到的内容攒起来，直到里面出现换行。' },
    {
      en: 'while b"\\n" not in buffer: buffer += recv(1024); then split off the line and keep the rest.',
      zh: 'while b"\\n" not in buffer: buffer += recv(1024)；然后切出这一行，剩下的留着。',
    },
  ],
  checks: [answers(ANSWERS, 4, TURNS), survives({ points: 6, turns: TURNS })],
};
