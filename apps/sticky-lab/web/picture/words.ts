import { isEndOfStream, offsets, slicesOf } from '@socklab/lab/picture';
import { t } from '../shell/language.ts';
import type { Text } from '../shell/language.ts';
import type { FlowIndex, Lane, MessageSlice } from '@socklab/lab/picture';
import type { ByteRange, RecordedFlow, FlowEvent, EventTotals, HandshakeStep, SegmentCount, WhyNoTimes } from '@socklab/lab/picture';

const LANE_NAMES: Readonly<Record<Lane, Text>> = {
  meant: { en: 'meant', zh: '原消息' },
  write: { en: 'written', zh: '写入' },
  segment: { en: 'segments', zh: '报文段' },
  read: { en: 'read', zh: '读取' },
  decoded: { en: 'decoded', zh: '解码' },
  came: { en: 'came in', zh: '代理收到' },
  forwarded: { en: 'sent on', zh: '代理转发' },
  confirmed: { en: 'confirmed read', zh: '已确认被读走' },
};

const KINDS: Readonly<Record<Exclude<FlowEvent['type'], 'handshake' | 'end'>, Text>> = {
  write: { en: 'write', zh: '写入' },
  segment: { en: 'segment on the network', zh: '网络上的报文段' },
  read: { en: 'read', zh: '读取' },
  came: { en: 'came in', zh: '代理收到' },
  forwarded: { en: 'sent on', zh: '代理转发' },
  confirmed: { en: 'confirmed read by now', zh: '此时已确认被读走' },
  message: { en: 'message decoded', zh: '解出消息' },
  fault: { en: 'fault', zh: '错误' },
};

/** What the programs were told; the three segments themselves are between the kernels. */
const STEPS: Readonly<Record<HandshakeStep, Text>> = {
  connect: { en: 'connect() is called: SYN goes out', zh: '调用 connect()：SYN 发出' },
  connected: { en: 'connect() is done: SYN-ACK came, ACK went out', zh: 'connect() 完成：收到 SYN-ACK，发出 ACK' },
  accepted: { en: 'accept() is done: the ACK had come', zh: 'accept() 完成：ACK 已到达' },
};

/** What a lane is called. */
export function laneName(lane: Lane): string {
  return t(LANE_NAMES[lane]);
}

/** What an event is called. */
export function kindName(event: FlowEvent, { flow }: FlowIndex): string {
  if (isEndOfStream(event, flow)) return t({ en: 'read: end of the stream', zh: '读取：流已结束' });
  if (event.type === 'end') return endName(event);
  if (event.type === 'handshake') return t(STEPS[event.step]);
  return t(KINDS[event.type]);
}

function endName({ side, isReset }: FlowEvent & { readonly type: 'end' }): string {
  const who = side === 'sender' ? { en: 'the sender', zh: '发送方' } : { en: 'the receiver', zh: '接收方' };
  return isReset
    ? t({ en: `${who.en} resets the connection (RST)`, zh: `${who.zh}重置连接（RST）` })
    : t({ en: `${who.en} ends (FIN)`, zh: `${who.zh}结束发送（FIN）` });
}

/** The time since the first event of the run. */
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
export function sliceName({ message, merged, hasStart, hasEnd }: MessageSlice): string {
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
export function messagesName({ messages }: FlowIndex, range: ByteRange): string {
  return slicesOf(messages, range)
    .map(sliceName)
    .join(t({ en: '; ', zh: '、' }));
}

/** An event in one sentence, for screen readers. */
export function eventSentence(event: FlowEvent, index: FlowIndex): string {
  const comma = t({ en: ', ', zh: '，' });
  const about = [kindName(event, index), timeName(event.us)];
  if (event.type === 'fault') about.push(t({ en: `at byte ${event.start}`, zh: `位于字节 ${event.start}` }), t(event.reason));
  else if (event.type !== 'end' && event.type !== 'handshake' && !isEndOfStream(event, index.flow)) {
    about.push(rangeName(event), messagesName(index, event));
  }
  if (event.type === 'message') about.push(`'${event.text}'`);
  return about.filter((part) => part !== '').join(comma);
}

/** Totals of everything, including what is not kept. */
export function summaryOf({ flow, messages }: FlowIndex): string {
  const { totals, totalBytes, omittedMessages, seenBy } = flow;
  const meant = messages.length + omittedMessages;
  const parts = [t({ en: `${totalBytes} ${plural(totalBytes, 'byte')}`, zh: `${totalBytes} 字节` })];
  if (meant > 0 || seenBy === 'ends') parts.push(t({ en: `${meant} ${plural(meant, 'message')} meant`, zh: `${meant} 条原消息` }));
  if (totals.segment > 0) parts.push(t({ en: `${totals.segment} ${plural(totals.segment, 'segment')}`, zh: `${totals.segment} 个报文段` }));
  parts.push(...(seenBy === 'proxy' ? passedOf(totals) : seenBy === 'ends' ? endsOf(flow) : decodedOf(totals)));
  return parts.join(' · ');
}

function passedOf({ came, forwarded, confirmed }: EventTotals): readonly string[] {
  return [
    t({ en: `came in by ${came} ${plural(came, 'read')}`, zh: `代理收到 ${came} 次` }),
    t({ en: `sent on in ${forwarded} ${plural(forwarded, 'piece')}`, zh: `转发 ${forwarded} 段` }),
    ...(confirmed > 0 ? [t({ en: `${confirmed} confirmed read`, zh: `${confirmed} 段已确认被读走` })] : []),
  ];
}

function endsOf({ transport, totals: { write, read, message, fault } }: RecordedFlow): readonly string[] {
  const isTcp = transport === 'tcp';
  return [
    t({
      en: isTcp ? `${write} ${plural(write, 'write')}` : `${write} ${plural(write, 'datagram')} sent`,
      zh: isTcp ? `写入 ${write} 次` : `发出 ${write} 个数据报`,
    }),
    t({ en: `${read} ${plural(read, 'read')}`, zh: `读取 ${read} 次` }),
    ...decodedOf({ message, fault }),
  ];
}

function decodedOf({ message, fault }: Pick<EventTotals, 'message' | 'fault'>): readonly string[] {
  return [
    ...(message > 0 ? [t({ en: `${message} decoded`, zh: `解出 ${message} 条` })] : []),
    ...(fault > 0 ? [t({ en: `${fault} ${plural(fault, 'fault')}`, zh: `${fault} 处错误` })] : []),
  ];
}

/** What the kernel counted, which has no time. */
export function segmentsName({ count }: SegmentCount): string {
  return t({ en: `kernel: ${count} ${plural(count, 'segment')}`, zh: `内核：${count} 个报文段` });
}

const LET_CAPTURE: Text = {
  en: 'To see each of them, install tcpdump and let all users capture:',
  zh: '要看到每一个，请安装 tcpdump，并允许所有用户抓包：',
};

const NO_TIMES: Readonly<Record<WhyNoTimes, Text>> = {
  absent: LET_CAPTURE,
  refused: LET_CAPTURE,
  incomplete: { en: 'The capture lacks some.', zh: '抓包不完整。' },
};

/** Why the segments have no times, and what to do about it. */
export function segmentsHelp(why: WhyNoTimes): string {
  const command = NO_TIMES[why] === LET_CAPTURE ? ' sudo setcap cap_net_raw+ep "$(command -v tcpdump)"' : '';
  return `${t({ en: 'The kernel tells how many it sent, not when. ', zh: '内核只给出个数，不给出时间。' })}${t(NO_TIMES[why])}${command}`;
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}
