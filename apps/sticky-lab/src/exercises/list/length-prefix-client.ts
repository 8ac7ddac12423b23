import { probeClient } from '@socklab/probe';
import { quoted } from '../checks/answers.ts';
import { judged } from '../checks/survives.ts';
import { MET, notMet } from '../exercise.ts';
import { runClient } from '../run/client-run.ts';
import { ANSWERS, bytes, frames } from './texts.ts';
import type { CheckContext, CheckResult, Exercise } from '../exercise.ts';
import type { Recording } from '@socklab/probe';

const REQUEST = frames('hello');
const REPLY = 'good morning';
const MAX_TIME_MS = 60_000;

/** Exercise `length-prefix-client`. */
export const lengthPrefixClient: Exercise = {
  number: 7,
  id: 'length-prefix-client',
  title: { en: 'A client with a length before each message', zh: '带长度头部的客户端' },
  kind: 'tcp-client',
  task: {
    en: 'Connect to the port, send the message "hello" with its length before it (4 bytes, big-endian), read one message of the same form, print its text and a newline, and exit with 0.',
    zh: '连接该端口，发送消息“hello”，前面加 4 字节大端长度；读取一条同样格式的消息，打印其文本和换行，以 0 退出。',
  },
  hints: [
    { en: 'Who says that the reply comes in one piece?', zh: '谁说响应会一次到齐？' },
    { en: 'Read 4 bytes exactly, then as many as they say, exactly.', zh: '先恰好读 4 个字节，再恰好读它们所说的那么多。' },
  ],
  checks: [
    { name: ANSWERS, points: 3, run: asAsked },
    { name: { en: 'does the same wherever the reply is cut', zh: '不论响应在哪里被切开，结果都一样' }, points: 7, run: cutEverywhere },
  ],
};

async function asAsked({ program, signal }: CheckContext): Promise<CheckResult> {
  const { sent, stdout, exitCode } = await runClient(program.words, { requestBytes: REQUEST.length, reply: frames(REPLY), signal });
  if (sent === undefined) return notMet('the client did not connect: {port} stands for the port', '客户端没有连接：{port} 代表端口');
  if (!sent.equals(REQUEST))
    return notMet(`it must send ${quoted(REQUEST)}, but sent ${quoted(sent)}`, `应发送 ${quoted(REQUEST)}，实际发送 ${quoted(sent)}`);
  const wanted = bytes(`${REPLY}\n`);
  if (!Buffer.from(stdout.replaceAll('\r\n', '\n')).equals(wanted)) {
    const got = quoted(bytes(stdout));
    return notMet(`it must print ${quoted(wanted)}, but printed ${got}`, `应打印 ${quoted(wanted)}，实际打印 ${got}`);
  }
  if (exitCode === 0) return MET;
  return notMet(
    `it must exit with 0, but it ${exitCode === null ? 'did not end within 10 s' : `exited with ${exitCode}`}`,
    `应以 0 退出，实际为 ${exitCode ?? '10 秒内没有退出'}`,
  );
}

async function cutEverywhere({ program, signal }: CheckContext): Promise<CheckResult> {
  const recording: Recording = {
    events: [
      { ms: 0, from: 'client', bytes: REQUEST },
      { ms: 1, from: 'server', bytes: frames(REPLY) },
    ],
  };
  const report = await probeClient({ recording, run: program.words, maxTimeMs: MAX_TIME_MS, maxShrinkRuns: 1, signal });
  return judged(report, undefined);
}
