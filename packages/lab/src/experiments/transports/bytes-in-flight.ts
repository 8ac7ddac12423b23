import { defineExperiment } from '../../lab/experiment.ts';
import { fillConnection } from '../../lab/peers/fill-connection.ts';
import { openTcpEnds, readBytes } from '../../lab/peers/tcp-ends.ts';
import type { Experiment, Row } from '../../lab/experiment.ts';
import type { FilledConnection } from '../../lab/peers/fill-connection.ts';
import type { Text } from '../../text.ts';

/** What lesson 5 measures. */
export interface Facts extends FilledConnection {
  readonly chunkBytes: number;
  /** What the receiver read in the end, once it read. */
  readonly readBytes: number;
}

const experiment: Experiment<Facts> = defineExperiment({
  id: 'bytes-in-flight',
  lesson: 5,
  title: { en: 'How much fits when nobody reads', zh: '没有人读取时，能装下多少字节' },
  question: {
    en: 'Does the kernel stop taking bytes when nobody reads, and lose none of them?',
    zh: '没有人读取时，内核是不是会停止接收字节，而且一个字节都不丢？',
  },
  why: {
    en: 'What was written and not yet read is kept in two places: the receive buffer of the one kernel, whose free room is the window that TCP grants, and the send buffer of the other, which waits for that window. When both are full a write has to wait, and that is how a slow reader slows the writer down.',
    zh: '已经写入、还没有被读取的字节存放在两个地方：接收方内核的接收缓冲区，它的空闲空间就是 TCP 通告的窗口；以及发送方内核的发送缓冲区，它在等窗口打开。两处都满了，写操作就只能等待，读得慢的一方就这样让写的一方也慢下来。',
  },
  params: {
    chunkBytes: {
      default: 16_384,
      min: 1024,
      max: 65_536,
      unit: 'bytes',
      help: { en: 'Bytes of one write', zh: '每次写入多少字节' },
    },
  },

  async run(lab, { chunkBytes }) {
    const { client, server } = await openTcpEnds(lab, { client: { en: 'to the one who does not read', zh: '发给不读取的一方' } });
    const filled = await fillConnection(lab, { sender: client, receiver: server }, chunkBytes);
    const read = await readBytes(server, filled.writtenBytes);
    return { chunkBytes, ...filled, readBytes: read.length };
  },

  verdict: ({ isFull, completedBytes, writtenBytes, readBytes: read }) =>
    isFull && completedBytes > 0 && completedBytes < writtenBytes && read === writtenBytes ? 'yes' : 'no',
  expected: () => 'yes',
  challenges: [
    {
      text: {
        en: 'Have more than 1,000 writes taken before one has to wait.',
        zh: '让内核收下 1,000 次以上的写入，之后才有一次需要等待。',
      },
      isMet: ({ chunkBytes, completedBytes }) => completedBytes > 1000 * chunkBytes,
    },
    {
      text: {
        en: 'Make the write that waits longer than 60,000 bytes: where are its bytes meanwhile?',
        zh: '让等待的那次写入超过 60,000 字节：这期间它的字节在哪里？',
      },
      isMet: ({ completedBytes, writtenBytes }) => writtenBytes - completedBytes > 60_000,
    },
  ],
  rows: ({ chunkBytes, completedBytes, writtenBytes, queued, readBytes: read }) => [
    {
      label: { en: 'written', zh: '写入' },
      value: {
        en: `${completedBytes} bytes in writes of ${chunkBytes}, then one that had to wait`,
        zh: `每次写 ${chunkBytes} 字节，共写入 ${completedBytes} 字节，下一次写入只能等待`,
      },
    },
    ...describeQueues(queued, writtenBytes),
    {
      label: { en: 'then read', zh: '之后读取' },
      value: {
        en: `${read} of ${writtenBytes} bytes`,
        zh: read === writtenBytes ? `${read} 字节，与写入的总量一致` : `${read} 字节，写入的共 ${writtenBytes} 字节`,
      },
    },
  ],
});

const PLACES: Readonly<Record<'sent' | 'received', Text>> = {
  sent: { en: 'send buffer', zh: '发送缓冲区' },
  received: { en: 'receive buffer', zh: '接收缓冲区' },
};

function describeQueues(queued: FilledConnection['queued'], writtenBytes: number): readonly Row[] {
  if (queued === null)
    return [{ label: PLACES.sent, value: { en: 'this machine does not show its queues at rest', zh: '本机看不到静止时的内核队列' } }];
  const { sendQueueBytes, receiveQueueBytes } = queued;
  const waiting = writtenBytes - sendQueueBytes - receiveQueueBytes;
  return [
    {
      label: PLACES.sent,
      value: { en: `${sendQueueBytes} bytes, in the kernel of the sender`, zh: `${sendQueueBytes} 字节，在发送方的内核里` },
    },
    {
      label: PLACES.received,
      value: { en: `${receiveQueueBytes} bytes, in the kernel of the receiver`, zh: `${receiveQueueBytes} 字节，在接收方的内核里` },
    },
    {
      label: { en: 'in the program', zh: '程序里' },
      value: { en: `${waiting} bytes, which no kernel has taken`, zh: `${waiting} 字节，内核还没有收下` },
    },
  ];
}

export default experiment;
