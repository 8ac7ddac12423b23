import { answers, noConnection, takeTurns } from '../checks/answers.ts';
import { converse } from '../run/conversation.ts';
import { ANSWERS, turn } from './texts.ts';
import type { CheckContext, CheckResult, Exercise } from '../exercise.ts';
import type { ServerConversation } from '../run/conversation.ts';

const FIRST = [turn('first\n', 'first\n')];

/** Exercise `serve-the-next`. */
export const serveTheNext: Exercise = {
  number: 3,
  id: 'serve-the-next',
  title: { en: 'Serve the next in line', zh: '服务排队的下一个' },
  kind: 'tcp-server',
  task: {
    en: 'Send each line back. Several clients may come at once: all of them are answered, at the latest when those before them have left.',
    zh: '把每一行原样发回。可能有多个客户端同时到来：每个都要得到响应，最迟在排在它前面的离开之后。',
  },
  hints: [
    { en: 'What does accept give you while others wait in line?', zh: '有人排队时，accept 会给你什么？' },
    {
      en: 'When recv gives nothing, that client has left: close its socket and call accept again.',
      zh: 'recv 返回空，说明这个客户端已离开：关闭它的套接字，再次调用 accept。',
    },
  ],
  checks: [
    answers(ANSWERS, 3, FIRST),
    {
      name: { en: 'serves the next when the first has left', zh: '第一个离开后，服务下一个' },
      points: 4,
      run: (context) => inLine(context, false),
    },
    {
      name: { en: 'serves on when a client breaks off', zh: '客户端突然断开后，仍然继续服务' },
      points: 3,
      run: (context) => inLine(context, true),
    },
  ],
};

const IN_LINE = 3;

/** Three clients in a queue: each talks, and leaves; or disconnects in the middle of a line. */
async function inLine({ program, signal }: CheckContext, isBrokenOff: boolean): Promise<CheckResult> {
  const line: ServerConversation[] = [];
  try {
    while (line.length < IN_LINE) {
      const client = await converse(program, signal);
      // Recorded at once: the next start would forget how the program ended.
      if (client === undefined) return noConnection(program);
      line.push(client);
    }
    for (const [at, client] of line.entries()) {
      if (isBrokenOff && at < 2) client.say(new TextEncoder().encode('half a li'));
      else {
        const result = await takeTurns(client, [turn(`client ${at + 1}\n`, `client ${at + 1}\n`)], program);
        if (!result.isMet) return result;
      }
      client.close();
    }
    return { isMet: true, story: null };
  } finally {
    for (const client of line) client.close();
  }
}
