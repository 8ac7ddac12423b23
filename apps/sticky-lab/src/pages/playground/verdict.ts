import { printable } from '@socklab/service';
import { rangesOf } from './plan.ts';
import type { Bytes } from '@socklab/framing';
import type { Text } from '@socklab/lab';

/** How the messages arrived. */
export type Fate =
  /** Each arrived as it was sent. */
  | 'whole'
  /** Some arrived as one. 粘包 */
  | 'glued'
  /** Some arrived in several parts. 拆包 */
  | 'cut'
  | 'glued-and-cut'
  /** Empty ones did not arrive, the others did. */
  | 'empty-lost'
  /** Other bytes arrived. */
  | 'different';

/** The first message that is not the one that was sent. */
export interface Difference {
  /** Counts from 1. */
  readonly number: number;
  /** The message sent, shortened; `null` when no more were sent. */
  readonly sent: string | null;
  /** What was received, shortened; `null` when no more was received. */
  readonly received: string | null;
}

/** How the messages of one connection arrived. Plain JSON. */
export interface Verdict {
  readonly fate: Fate;
  readonly sentMessages: number;
  readonly receivedMessages: number;
  /** `null` when all are whole. */
  readonly firstDifference: Difference | null;
  /** The same in a sentence. */
  readonly sentence: Text;
}

/** Longest part of a message that is shown, in bytes. */
export const SHOWN_MESSAGE_BYTES = 120;

/** Compares what was received with what was sent. */
export function judge(sent: readonly Bytes[], received: readonly Bytes[], keepsBoundaries: boolean): Verdict {
  const at = firstDifferenceOf(sent, received);
  const fate = at === undefined ? 'whole' : fateOf(sent, received);
  const counts = { sentMessages: sent.length, receivedMessages: received.length };
  const firstDifference = at === undefined ? null : { number: at + 1, sent: shownAt(sent, at), received: shownAt(received, at) };
  return { fate, ...counts, firstDifference, sentence: sentenceOf(fate, sent.length, received.length, keepsBoundaries) };
}

function firstDifferenceOf(sent: readonly Bytes[], received: readonly Bytes[]): number | undefined {
  const length = Math.max(sent.length, received.length);
  for (let index = 0; index < length; index++) {
    if (!isSame(sent[index], received[index])) return index;
  }
  return undefined;
}

function isSame(one: Bytes | undefined, other: Bytes | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
}

/** Glued: the end of a message is no longer one; cut: a new end. */
function fateOf(sent: readonly Bytes[], received: readonly Bytes[]): Fate {
  if (!isSameStream(sent, received)) return 'different';
  const meant = endsOf(sent);
  const seen = endsOf(received);
  const isGlued = [...meant].some((end) => !seen.has(end));
  const isCut = [...seen].some((end) => !meant.has(end));
  if (isGlued && isCut) return 'glued-and-cut';
  if (isGlued) return 'glued';
  return isCut ? 'cut' : 'empty-lost';
}

function endsOf(messages: readonly Bytes[]): ReadonlySet<number> {
  const ranges = rangesOf(messages).filter(({ start, end }) => end > start);
  return new Set(ranges.map(({ end }) => end));
}

function isSameStream(sent: readonly Bytes[], received: readonly Bytes[]): boolean {
  return Buffer.concat(sent).equals(Buffer.concat(received));
}

function shownAt(messages: readonly Bytes[], index: number): string | null {
  const message = messages[index];
  return message === undefined ? null : printable(message, SHOWN_MESSAGE_BYTES);
}

const FATES: Readonly<Record<Exclude<Fate, 'whole'>, Text>> = {
  glued: { en: 'glued', zh: '粘包' },
  cut: { en: 'cut', zh: '拆包' },
  'glued-and-cut': { en: 'glued and cut', zh: '既粘包又拆包' },
  'empty-lost': { en: 'empty messages lost', zh: '空消息丢失' },
  different: { en: 'other bytes than were sent', zh: '字节与发送的不同' },
};

function sentenceOf(fate: Fate, sent: number, received: number, keepsBoundaries: boolean): Text {
  const en = `${sent} ${sent === 1 ? 'message' : 'messages'} sent, ${received} read`;
  const zh = `发送了 ${sent} 条消息，读到 ${received} 条`;
  if (fate !== 'whole') return { en: `${en}: ${FATES[fate].en}`, zh: `${zh}：${FATES[fate].zh}` };
  if (keepsBoundaries) return { en: `${en}: all whole`, zh: `${zh}：全部完整` };
  return { en: `${en}: whole this time, though nothing keeps them apart`, zh: `${zh}：这次恰好完整，但没有任何东西保证消息边界` };
}
