import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { quoted } from '../checks/answers.ts';
import { MET, notMet } from '../exercise.ts';
import { ANSWER_MS } from '../run/conversation.ts';
import { START_PATIENCE_MS } from '../run/program.ts';
import { ANSWERS } from './texts.ts';
import type { CheckContext, CheckResult, Exercise } from '../exercise.ts';
import type { Socket } from 'node:dgram';

const RETRY_MS = 100;
const ROUNDS = 20;

/** Exercise `udp-right-sender`. */
export const udpRightSender: Exercise = {
  number: 4,
  id: 'udp-right-sender',
  title: { en: 'Answer the right sender', zh: '响应正确的发送方' },
  kind: 'udp-server',
  task: {
    en: 'Answer each datagram with its text in upper case, to the one who sent it. Many may talk at once.',
    zh: '把每个数据报的文本转成大写，发回给发送它的一方。可能有很多人同时说话。',
  },
  hints: [
    { en: 'recvfrom gives two things.', zh: 'recvfrom 返回两样东西。' },
    {
      en: 'Send to the address that came with this datagram, not to one that you kept.',
      zh: '发给这个数据报带来的地址，而不是以前记下的地址。',
    },
  ],
  checks: [
    { name: ANSWERS, points: 4, run: (context) => exchange(context, 1) },
    {
      name: { en: 'answers each of three who talk at once, and nobody else', zh: '三个人同时说话，各自只收到自己的响应' },
      points: 6,
      run: (context) => exchange(context, 3),
    },
  ],
};

async function exchange({ program, signal }: CheckContext, count: number): Promise<CheckResult> {
  await program.start();
  const clients = Array.from({ length: count }, () => createSocket('udp4'));
  try {
    for (const client of clients) {
      client.bind(0, '127.0.0.1');
      await once(client, 'listening', { signal });
    }
    if (!(await isReady(clients[0]!, program.port, signal))) {
      return notMet(
        program.ending === undefined ? 'no answer to a datagram' : `the program ended: ${program.ending}`,
        program.ending === undefined ? '发出的数据报没有得到响应' : `程序已退出：${program.ending}`,
      );
    }
    return await rounds(clients, program.port);
  } finally {
    for (const client of clients) client.close();
  }
}

/** A program that is not listening yet loses what is sent to it. */
async function isReady(client: Socket, port: number, signal: AbortSignal): Promise<boolean> {
  const giveUpAt = performance.now() + START_PATIENCE_MS / 3;
  const answer = once(client, 'message', { signal }).then(() => 'answered' as const);
  // It rejects when the grading is cancelled, as the wait does.
  answer.catch(() => undefined);
  let isAnswered = false;
  while (!isAnswered && performance.now() < giveUpAt) {
    client.send('ready?', port, '127.0.0.1');
    isAnswered = (await Promise.race([answer, wait(RETRY_MS, undefined, { signal })])) === 'answered';
  }
  // Further answers must not be taken for later ones.
  await wait(RETRY_MS, undefined, { signal });
  return isAnswered;
}

async function rounds(clients: readonly Socket[], port: number): Promise<CheckResult> {
  const heard = clients.map((client) => {
    const texts: string[] = [];
    client.on('message', (message) => texts.push(message.toString()));
    return texts;
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, client] of clients.entries()) client.send(`client ${at + 1}, round ${round}`, port, '127.0.0.1');
    const giveUpAt = performance.now() + ANSWER_MS;
    while (heard.some((texts) => texts.length <= round) && performance.now() < giveUpAt) await wait(1);
    for (const [at, texts] of heard.entries()) {
      const wanted = `CLIENT ${at + 1}, ROUND ${round}`;
      if (texts[round] !== wanted) return wrong(at + 1, wanted, texts[round]);
    }
  }
  return MET;
}

function wrong(client: number, wanted: string, got: string | undefined): CheckResult {
  const shown = quoted(new TextEncoder().encode(wanted));
  const seen = got === undefined ? { en: 'nothing', zh: '什么也没有' } : { en: quoted(Buffer.from(got)), zh: quoted(Buffer.from(got)) };
  return notMet(`client ${client} has to get ${shown}, and got ${seen.en}`, `客户端 ${client} 应收到 ${shown}，实际收到 ${seen.zh}`);
}
