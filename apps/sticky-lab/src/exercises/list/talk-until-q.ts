import { answers } from '../checks/answers.ts';
import { survives } from '../checks/survives.ts';
import { ANSWERS, bytes, turn } from './texts.ts';
import type { Exercise } from '../exercise.ts';

const TALK = [turn('one\n', 'one\n'), turn('quiet\n', 'quiet\n')];
const QUIT = { say: bytes('q\n'), answer: bytes(''), isLast: true };

/** Exercise `talk-until-q`. */
export const talkUntilQ: Exercise = {
  number: 2,
  id: 'talk-until-q',
  title: { en: 'Talk until q', zh: '一直聊到 q' },
  kind: 'tcp-server',
  task: {
    en: 'Send each line back. When the line is exactly "q", end the connection instead, and go on serving the next client.',
    zh: '把每一行原样发回。如果这一行恰好是“q”，就关闭这条连接，并继续服务下一个客户端。',
  },
  hints: [
    { en: 'A line that begins with q is not the line q.', zh: '以 q 开头的一行，并不等于 q 这一行。' },
    { en: 'Compare when the line is complete, never what one recv gave.', zh: '收齐一行之后再比较，不要拿一次 recv 的结果去比较。' },
  ],
  checks: [
    answers(ANSWERS, 3, TALK),
    answers({ en: 'ends the connection at q', zh: '收到 q 后关闭连接' }, 2, [...TALK.slice(0, 1), QUIT]),
    survives({ points: 5, turns: TALK }),
  ],
};
