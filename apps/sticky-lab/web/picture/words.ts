import { isEndOfStream, type ConversationIndex, type Lane, offsets, partsOf, type Part } from '@socklab/lab/picture';
import type { ByteRange, ConversationEvent } from '@socklab/lab/picture';
import { t, type Text } from '../shell/language.ts';

const LANE_NAMES: Readonly<Record<Lane, Text>> = {
  meant: { en: 'meant', zh: '原消息' },
  write: { en: 'written', zh: '写入' },
  segments: { en: 'segments', zh: '报文段' },
  read: { en: 'read', zh: '读取' },
  decoded: { en: 'decoded', zh: '解码' },
};

const KINDS: Readonly<Record<ConversationEvent['type'], Text>> = {
  write: { en: 'write', zh: '写入' },
  segments: { en: 'segments', zh: '报文段' },
  read: { en: 'read', zh: '读取' },
  message: { en: 'message decoded', zh: '解出消息' },
  fault: { en: 'fault', zh: '错误' },
  end: { en: 'end', zh: '结束' },
};

/** What a lane is called. */
export function laneName(lane: Lane): string {
  return t(LANE_NAMES[lane]);
}

/** What an event is called. */
export function kindName(event: ConversationEvent, { conversation }: ConversationIndex): string {
  if (isEndOfStream(event, conversation)) return t({ en: 'read: end of the stream', zh: '读取：流已结束' });
  if (event.type === 'segments')
    return t({ en: `${event.count} ${event.count === 1 ? 'segment' : 'segments'}`, zh: `${event.count} 个报文段` });
  if (event.type === 'end') return endName(event);
  return t(KINDS[event.type]);
}

function endName({ side, isReset }: ConversationEvent & { readonly type: 'end' }): string {
  const who = side === 'sender' ? { en: 'the sender', zh: '发送方' } : { en: 'the receiver', zh: '接收方' };
  return isReset
    ? t({ en: `${who.en} resets the connection (RST)`, zh: `${who.zh}重置连接（RST）` })
    : t({ en: `${who.en} ends (FIN)`, zh: `${who.zh}结束发送（FIN）` });
}

/** When it happened, from the begin of the run. */
export function timeName(us: number): string {
  return `${(us / 1000).toFixed(3)} ${t({ en: 'ms', zh: '毫秒' })}`;
}

/** Where bytes lie, and how many there are. */
export function rangeName(range: ByteRange): string {
  const count = range.end - range.start;
  if (count === 0) return t({ en: `no bytes, at ${range.start}`, zh: `0 字节，位置 ${range.start}` });
  const bytes = count === 1 ? 'byte' : 'bytes';
  return t({ en: `bytes ${offsets(range)}, ${count} ${bytes}`, zh: `字节 ${offsets(range)}，共 ${count} 字节` });
}

/** Which message a part is of, and how much of it. */
export function partName({ message, merged, hasStart, hasEnd }: Part): string {
  if (merged > 0) return t({ en: `${merged} more messages`, zh: `另有 ${merged} 条消息` });
  if (message === null) return t({ en: 'no message', zh: '不属于任何消息' });
  const share = hasStart
    ? hasEnd
      ? { en: 'whole', zh: '完整' }
      : { en: 'its beginning', zh: '开头部分' }
    : hasEnd
      ? { en: 'its end', zh: '结尾部分' }
      : { en: 'from its middle', zh: '中间部分' };
  return t({ en: `message ${message}, ${share.en}`, zh: `消息 ${message}（${share.zh}）` });
}

/** All messages that have bytes in a range. */
export function messagesName({ messages }: ConversationIndex, range: ByteRange): string {
  return partsOf(messages, range)
    .map(partName)
    .join(t({ en: '; ', zh: '、' }));
}

/** An event in one sentence, for those who hear the picture. */
export function eventSentence(event: ConversationEvent, index: ConversationIndex): string {
  const comma = t({ en: ', ', zh: '，' });
  const about = [kindName(event, index), timeName(event.us)];
  if (event.type === 'fault') about.push(t({ en: `at byte ${event.start}`, zh: `位于字节 ${event.start}` }), t(event.reason));
  else if (event.type !== 'end' && !isEndOfStream(event, index.conversation)) about.push(rangeName(event), messagesName(index, event));
  if (event.type === 'message') about.push(`'${event.text}'`);
  return about.filter((part) => part !== '').join(comma);
}

/** How much of everything there is. */
export function summaryOf({ conversation, counts, messages, readSizes }: ConversationIndex): string {
  const isTcp = conversation.transport === 'tcp';
  const meant = messages.length + conversation.omittedMessages;
  const parts = [
    t({ en: `${conversation.totalBytes} ${conversation.totalBytes === 1 ? 'byte' : 'bytes'}`, zh: `${conversation.totalBytes} 字节` }),
    t({ en: `${meant} ${plural(meant, 'message')} meant`, zh: `${meant} 条原消息` }),
    t({
      en: `${counts.write} ${plural(counts.write, isTcp ? 'write' : 'datagram')}${isTcp ? '' : ' sent'}`,
      zh: isTcp ? `写入 ${counts.write} 次` : `发出 ${counts.write} 个数据报`,
    }),
    t({ en: `${readSizes.length} ${plural(readSizes.length, 'read')}`, zh: `读取 ${readSizes.length} 次` }),
  ];
  if (counts.message > 0) parts.push(t({ en: `${counts.message} decoded`, zh: `解出 ${counts.message} 条` }));
  if (counts.fault > 0) parts.push(t({ en: `${counts.fault} ${plural(counts.fault, 'fault')}`, zh: `${counts.fault} 处错误` }));
  return parts.join(' · ');
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}
