import { createFrameWriter, i32le, lengthPrefixed } from '@socklab/framing';
import { alike, hex, shown, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { recvMessages } from '../../lab/record/recv.ts';
import { describeArrival } from '../../lab/tcp/kernel-queue.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Arrival } from '../../lab/tcp/kernel-queue.ts';
import type { Text } from '../../text.ts';
import type { Bytes } from '@socklab/framing';

/** Number of connections on which every message came back, whole and in order. */
interface Tally {
  readonly tried: number;
  readonly intact: number;
}

/** What lesson 13 measures. */
export interface Facts {
  readonly message: string;
  readonly messageBytes: number;
  /** The frame: the length in four bytes, then the message. */
  readonly frame: string;
  /** One frame, read 1 byte at a time, 2 at a time, … up to all of it. */
  readonly readSizes: Tally;
  /** Several frames in one write. `reads` has the size of each read. */
  readonly glued: {
    readonly sent: number;
    readonly messages: readonly string[];
    readonly reads: readonly number[];
    readonly arrival: Arrival;
  };
  /** The same bytes cut in two at each offset. `seen` counts the connections whose reads were exactly the two pieces. */
  readonly cuts: Tally & { readonly seen: number };
  /** The same bytes one by one. */
  readonly drip: { readonly reads: number; readonly isIntact: boolean };
}

const MESSAGE = '哈哈哈哈哈';
const CODEC = lengthPrefixed({ length: i32le });
const FRAME: Bytes = CODEC.encode(utf8(MESSAGE));
const READ_BYTES = 1024;

const GLUED = { en: 'glued into one write', zh: '粘成一次写入' };
const DRIP = { en: 'byte by byte', zh: '逐字节发送' };
const atReadSize = (bytes: number): Text => ({ en: `one frame, recv(${bytes})`, zh: `单个帧，recv(${bytes})` });
const cutAt = (at: number): Text => ({ en: `cut at ${at}`, zh: `在第 ${at} 字节处拆开` });
/** Lengths of the frames. */
const frames = (count: number): readonly number[] => Array.from({ length: count }, () => FRAME.length);

const experiment: Experiment<Facts> = defineExperiment({
  id: 'frames-survive',
  lesson: 13,
  title: { en: 'The fix: the length goes first', zh: '解决办法：先发长度' },
  question: {
    en: 'Does a length prefix give every message back, however the bytes are cut or glued?',
    zh: '不论字节怎样被拆开或粘在一起，长度前缀都能还原每一条消息吗？',
  },
  why: {
    en: 'The length tells the receiver how many bytes belong to the message, wherever the reads happen to end. A decoder keeps what has come of a frame until the rest is there, and takes out of one read as many frames as are complete in it.',
    zh: '长度告诉接收方，不管读取恰好断在哪里，有多少字节属于这条消息。解码器会保留已经到达的半帧，等其余部分到齐；一次读取里有几个完整的帧，就取出几个。',
  },
  params: {
    messages: { default: 3, min: 2, max: 20, unit: 'count', help: { en: 'Messages glued together', zh: '粘在一起的消息条数' } },
  },

  async run(lab, { messages }) {
    const wire = glue(messages);
    const facts = { message: MESSAGE, messageBytes: utf8(MESSAGE).length, frame: hex(FRAME) };
    const readSizes = await tryReadSizes(lab);
    const glued = await readGlued(lab, wire, messages);
    return { ...facts, readSizes, glued, cuts: await tryCuts(lab, wire, messages), drip: await readDrip(lab, wire, messages) };
  },

  verdict({ message, readSizes, glued, cuts, drip }) {
    const isGluedIntact = glued.messages.length === glued.sent && glued.messages.every((text) => text === message);
    // A cut that no read shows proves nothing.
    const areCutsProven = isComplete(cuts) && cuts.seen === cuts.tried;
    return isGluedIntact && isComplete(readSizes) && areCutsProven && drip.isIntact ? 'yes' : 'no';
  },
  expected: () => 'yes',
  challenges: [
    {
      text: { en: 'Glue ten messages or more, and get each back whole.', zh: '把十条以上的消息粘在一起，并逐条完整取回。' },
      isMet: ({ glued: { sent, messages } }) => sent >= 10 && messages.length === sent,
    },
    {
      text: { en: 'Have more than 300 cuts tried, and none of them break a message.', zh: '试遍 300 个以上的切点，没有一个破坏消息。' },
      isMet: ({ cuts: { tried, intact } }) => tried > 300 && intact === tried,
    },
  ],
  rows: ({ message, messageBytes, frame, readSizes, glued, cuts, drip }) => [
    {
      label: { en: 'message', zh: '消息' },
      value: { en: `'${message}', ${messageBytes} bytes`, zh: `'${message}'，${messageBytes} 字节` },
    },
    { label: { en: 'frame', zh: '帧' }, value: alike(frame) },
    {
      label: { en: 'one frame', zh: '单个帧' },
      value: {
        en: `whole at ${readSizes.intact} of ${readSizes.tried} read sizes, 1 byte at a time to all at once`,
        zh: `从每次 1 字节到一次读完，${readSizes.tried} 种读取大小中有 ${readSizes.intact} 种消息完整`,
      },
    },
    {
      label: { en: 'glued', zh: '粘在一起' },
      value: {
        en: `${glued.sent} in one write, read as ${glued.reads.join(', ')} bytes: ${glued.messages.length} messages`,
        zh: `一次写出 ${glued.sent} 条，读到 ${glued.reads.join('、')} 字节：还原出 ${glued.messages.length} 条消息`,
      },
    },
    { label: { en: 'first read', zh: '首次读取' }, value: describeArrival(glued.arrival) },
    {
      label: { en: 'cut in two', zh: '拆成两段' },
      value: {
        en: `all messages whole at ${cuts.intact} of ${cuts.tried} cuts; ${cuts.seen} were read as cut`,
        zh: `${cuts.tried} 个切点中，${cuts.intact} 个的消息全部完整；其中 ${cuts.seen} 个确实按切点读到两段`,
      },
    },
    {
      label: { en: 'byte by byte', zh: '逐字节' },
      value: {
        en: `${drip.reads} reads, ${drip.isIntact ? 'all messages whole' : 'messages lost'}`,
        zh: `读取 ${drip.reads} 次，${drip.isIntact ? '消息全部完整' : '有消息丢失'}`,
      },
    },
  ],
});

function glue(messages: number): Bytes {
  const writer = createFrameWriter();
  for (let index = 0; index < messages; index++) CODEC.encodeInto(writer, utf8(MESSAGE));
  return writer.take();
}

async function tryReadSizes(lab: Lab): Promise<Tally> {
  let intact = 0;
  for (let readBytes = 1; readBytes <= FRAME.length; readBytes++) {
    const { sender, receiver } = await lab.tcpPair(recvMessages(CODEC, readBytes), { label: atReadSize(readBytes) });
    sender.send(FRAME);
    sender.end();
    receiver.start();
    if (areIntact(await receiver.result(), 1)) intact++;
  }
  return { tried: FRAME.length, intact };
}

async function readGlued(lab: Lab, wire: Bytes, sent: number): Promise<Facts['glued']> {
  const { sender, receiver, arrived } = await lab.tcpPair(recvMessages(CODEC, READ_BYTES), { label: GLUED, hasSegments: true });
  sender.send(wire, { messages: frames(sent) });
  const arrival = await arrived(wire.length);
  sender.end();
  receiver.start();
  const messages = await receiver.result();
  const reads = receiver.reads.map(({ length }) => length).filter((length) => length > 0);
  return { sent, messages: messages.map(shown), reads, arrival };
}

async function tryCuts(lab: Lab, wire: Bytes, messages: number): Promise<Facts['cuts']> {
  let intact = 0;
  let seen = 0;
  for (let cut = 1; cut < wire.length; cut++) {
    const { reads, isIntact } = await readPieces(lab, [wire.subarray(0, cut), wire.subarray(cut)], messages, cutAt(cut));
    if (isIntact) intact++;
    if (reads.length === 2 && reads[0]?.length === cut) seen++;
  }
  return { tried: wire.length - 1, intact, seen };
}

async function readDrip(lab: Lab, wire: Bytes, messages: number): Promise<Facts['drip']> {
  const pieces = Array.from(wire, (_, at) => wire.subarray(at, at + 1));
  const { reads, isIntact } = await readPieces(lab, pieces, messages, DRIP);
  return { reads: reads.length, isIntact };
}

async function readPieces(
  lab: Lab,
  pieces: readonly Bytes[],
  messages: number,
  label: Text,
): Promise<{ readonly reads: readonly Bytes[]; readonly isIntact: boolean }> {
  const { sender, receiver, deliver } = await lab.tcpPair(recvMessages(CODEC, READ_BYTES), { label });
  await deliver(pieces, { messages: frames(messages) });
  sender.end();
  const isIntact = areIntact(await receiver.result(), messages);
  return { reads: receiver.reads.filter(({ length }) => length > 0), isIntact };
}

function areIntact(messages: readonly Bytes[], count: number): boolean {
  return messages.length === count && messages.every((message) => shown(message) === MESSAGE);
}

function isComplete({ tried, intact }: Tally): boolean {
  return intact === tried;
}

export default experiment;
