import { answers } from '../checks/answers.ts';
import { survives } from '../checks/survives.ts';
import { ANSWERS, frames } from './texts.ts';
import type { Exercise } from '../exercise.ts';

const TURNS = [{ say: frames('small'), answer: frames('SMALL') }];
const header = (...length: readonly number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(length);
const refused = (
  say: Uint8Array<ArrayBuffer>,
): readonly { say: Uint8Array<ArrayBuffer>; answer: Uint8Array<ArrayBuffer>; isLast: true }[] => [
  { say, answer: frames('too long'), isLast: true },
];

/** Exercise `over-the-limit`. */
export const overTheLimit: Exercise = {
  number: 9,
  id: 'over-the-limit',
  title: { en: 'A frame over the limit', zh: '超过上限的帧' },
  kind: 'tcp-server',
  task: {
    en: 'As length-prefix-server, but a message has at most 1024 bytes. When a length says more, answer with the message "too long" at once, without waiting for its bytes, and end the connection. The length has no sign.',
    zh: '与 length-prefix-server 相同，但一条消息最多 1024 字节。长度超过时，不等后面的字节，立刻响应消息“too long”并关闭连接。长度是无符号数。',
  },
  hints: [
    { en: 'A stranger may send ff ff ff ff. What does your program do with it?', zh: '陌生人可能发来 ff ff ff ff。你的程序会怎么办？' },
    { en: 'Look at the length before you read or make room for what it promises.', zh: '先检查长度，再去读取或分配它所声称的内容。' },
  ],
  checks: [
    answers(ANSWERS, 2, TURNS),
    answers({ en: 'refuses 1025 bytes before they come', zh: '1025 字节还没到就拒绝' }, 3, refused(header(0, 0, 4, 1))),
    answers({ en: 'refuses the longest length there is', zh: '拒绝最大的长度' }, 2, refused(header(255, 255, 255, 255))),
    survives({ points: 3, turns: TURNS }),
  ],
};
