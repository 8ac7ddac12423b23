import { printable } from '@socklab/service';
import { MET, notMet } from '../exercise.ts';
import { converse } from '../run/conversation.ts';
import type { Check, CheckContext, CheckResult } from '../exercise.ts';
import type { Heard, ServerConversation } from '../run/conversation.ts';
import type { StudentProgram } from '../run/program.ts';
import type { Bytes } from '@socklab/framing';
import type { Text } from '@socklab/lab';

/** A message to the program, and its expected answer. */
export interface Turn {
  readonly say: Bytes;
  /** All of it, and nothing more before the next turn. */
  readonly answer: Bytes;
  /** Whether the program ends the connection after it. */
  readonly isLast?: boolean;
}

const SHOWN_BYTES = 80;

/** Checks that the program answers as required, each message sent at once. */
export function answers(name: Text, points: number, turns: readonly Turn[]): Check {
  return { name, points, run: (context) => talk(context, turns) };
}

/** Converses with the program, turn by turn. */
export async function talk({ program, signal }: CheckContext, turns: readonly Turn[]): Promise<CheckResult> {
  const conversation = await converse(program, signal);
  if (conversation === undefined) return noConnection(program);
  try {
    return await takeTurns(conversation, turns, program);
  } finally {
    conversation.close();
  }
}

/** Takes turns in an open conversation. */
export async function takeTurns(conversation: ServerConversation, turns: readonly Turn[], program: StudentProgram): Promise<CheckResult> {
  for (const { say, answer, isLast = false } of turns) {
    conversation.say(say);
    const heard = await conversation.hear(answer.length);
    if (!heard.bytes.equals(answer)) return wrongAnswer(say, answer, heard, program);
    if (!isLast) continue;
    const rest = await conversation.hear(1);
    if (rest.bytes.length > 0 || !rest.isEnded) {
      return notMet(
        `after ${quoted(say)} the connection stays open: it has to be ended`,
        `收到 ${quoted(say)} 之后连接仍然开着：应当关闭它`,
      );
    }
  }
  return MET;
}

/** The program accepts no connection. */
export function noConnection({ ending, port }: StudentProgram): CheckResult {
  if (ending !== undefined) return notMet(`the program ended: ${ending}`, `程序已退出：${ending}`);
  return notMet(
    `nothing listens on 127.0.0.1:${port}: the program has to take its port from the command line, where {port} stands`,
    `没有程序在 127.0.0.1:${port} 上监听：端口要从命令行里 {port} 的位置取得`,
  );
}

function wrongAnswer(say: Bytes, answer: Bytes, { bytes, isEnded }: Heard, { ending }: StudentProgram): CheckResult {
  const end = ending === undefined ? { en: '', zh: '' } : { en: `; the program ended: ${ending}`, zh: `；程序已退出：${ending}` };
  const how = isEnded
    ? { en: ', then the end', zh: '，随后连接被关闭' }
    : { en: ', then nothing more for 3 s', zh: '，随后 3 秒内没有更多' };
  const got = bytes.length === 0 ? { en: 'nothing', zh: '什么也没有' } : { en: quoted(bytes), zh: quoted(bytes) };
  return notMet(
    `to ${quoted(say)} the answer must be ${quoted(answer)}; it was ${got.en}${how.en}${end.en}`,
    `对 ${quoted(say)} 的响应应为 ${quoted(answer)}；实际为 ${got.zh}${how.zh}${end.zh}`,
  );
}

/** Bytes for people. */
export function quoted(bytes: Uint8Array): string {
  return `"${printable(bytes, SHOWN_BYTES)}"`;
}
