import { describeRanges, missingRanges } from '../../lab/base/number-ranges.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { openUdpPeer, receiveWaiting } from '../../lab/peers/udp-peer.ts';
import { readSocketRow } from '../../lab/tcp/socket-table.ts';
import type { NumberRange } from '../../lab/base/number-ranges.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { Lab } from '../../lab/lab.ts';
import type { ReceivedDatagram } from '../../lab/peers/udp-peer.ts';
import type { Text } from '../../text.ts';

/** Fate of a group of datagrams. */
interface Tally {
  readonly sent: number;
  /** Failed sends. */
  readonly errors: number;
  readonly received: number;
}

/** What lesson 6 measures. */
export interface Facts {
  readonly datagramBytes: number;
  readonly receiveBufferBytes: number;
  /** Sent in one burst, while the receiver cannot read. */
  readonly burst: Tally & {
    /** The first sequence numbers that never arrived. */
    readonly lost: readonly NumberRange[];
    readonly omittedRanges: number;
    /** Datagrams dropped at this socket, by the kernel's counter; `null` if there is none. */
    readonly kernelDrops: number | null;
  };
  /** The same number, each sent after the previous one was read. */
  readonly paced: Tally;
}

const DATAGRAM_BYTES = 1000;
const RECEIVE_BUFFER_BYTES = 65_536;
const MAX_RANGES = 20;

const experiment: Experiment<Facts> = defineExperiment({
  id: 'udp-loses-silently',
  lesson: 6,
  title: { en: 'UDP loses without telling', zh: 'UDP 悄悄丢包' },
  question: {
    en: 'Does a burst of datagrams lose some of them, while every send reports success?',
    zh: '连续发出大量数据报，会不会每次发送都报告成功，却仍然丢掉一部分？',
  },
  why: {
    en: 'A send is done when the own kernel has taken the datagram, and what finds the receive buffer of the socket full is dropped there, without a word to either program. Only the kernel counts it; a program that wants to know puts numbers into its datagrams, as this one did.',
    zh: '只要本机内核收下了数据报，发送就算成功；到达时如果套接字的接收缓冲区已满，就被直接丢弃，两边的程序都得不到通知。只有内核在计数；程序要想知道，就得像这里一样给数据报编上序号。',
  },
  params: {
    datagrams: {
      default: 500,
      min: 300,
      max: 10_000,
      unit: 'count',
      help: { en: 'Datagrams of the burst, 1000 bytes each', zh: '连续发送多少个数据报（每个 1000 字节）' },
    },
  },

  async run(lab, { datagrams }) {
    const burst = await sendBurst(lab, datagrams);
    const paced = await sendPaced(lab, datagrams);
    return { datagramBytes: DATAGRAM_BYTES, receiveBufferBytes: RECEIVE_BUFFER_BYTES, burst, paced };
  },

  verdict({ burst }) {
    const isLost = burst.received < burst.sent;
    const isCountedByKernel = burst.kernelDrops === null || burst.kernelDrops > 0;
    return isLost && isCountedByKernel && burst.errors === 0 ? 'yes' : 'no';
  },
  expected: () => 'yes',
  challenges: [
    {
      text: { en: 'Lose more than nine of ten datagrams.', zh: '让十个数据报里丢掉九个以上。' },
      isMet: ({ burst }) => burst.received * 10 < burst.sent,
    },
    {
      text: { en: 'Does the smallest burst that you can choose lose any? Try it.', zh: '可选的最小批量也会丢吗？试试看。' },
      isMet: ({ burst }) => burst.sent <= 300 && burst.received < burst.sent,
    },
  ],
  rows: ({ datagramBytes, receiveBufferBytes, burst, paced }) => [
    {
      label: { en: 'burst', zh: '连续发送' },
      value: {
        en: `${burst.sent} datagrams of ${datagramBytes} bytes, ${burst.errors} errors; ${burst.received} arrived`,
        zh: `${burst.sent} 个数据报，每个 ${datagramBytes} 字节，${burst.errors} 次出错；到达 ${burst.received} 个`,
      },
    },
    {
      label: { en: 'lost', zh: '丢失' },
      value: describeLost(burst),
    },
    { label: { en: 'the kernel', zh: '内核' }, value: describeDrops(burst.kernelDrops, receiveBufferBytes) },
    {
      label: { en: 'one by one', zh: '逐个发送' },
      value: {
        en: `${paced.sent} datagrams, each sent when the last was read: ${paced.received} arrived`,
        zh: `${paced.sent} 个数据报，上一个被读取之后才发下一个：到达 ${paced.received} 个`,
      },
    },
  ],
});

async function sendBurst(lab: Lab, count: number): Promise<Facts['burst']> {
  const receiver = await openUdpPeer(lab, { receiveBufferBytes: RECEIVE_BUFFER_BYTES });
  const sender = await openUdpPeer(lab);
  const flow = sender.flowTo(receiver, { en: 'the burst', zh: '连续发送' });
  // In one turn of the event loop, so that the receiver on the same thread cannot read meanwhile.
  const sends = await Promise.allSettled(Array.from({ length: count }, (_, number) => flow.send(numbered(number))));
  const arrived = new Set((await receiveWaiting(receiver, flow)).map(numberOf));
  const row = await readSocketRow('udp', { localPort: receiver.port, remotePort: 0 });
  const missing = missingRanges(arrived, count);
  return {
    sent: count,
    errors: sends.filter(({ status }) => status === 'rejected').length,
    received: arrived.size,
    lost: missing.slice(0, MAX_RANGES),
    omittedRanges: Math.max(0, missing.length - MAX_RANGES),
    // Some sandboxes have the table, but its counter stays 0.
    kernelDrops: row?.drops === undefined || row.drops === 0 ? null : row.drops,
  };
}

async function sendPaced(lab: Lab, count: number): Promise<Tally> {
  const receiver = await openUdpPeer(lab, { receiveBufferBytes: RECEIVE_BUFFER_BYTES });
  const sender = await openUdpPeer(lab);
  const flow = sender.flowTo(receiver, { en: 'one by one', zh: '逐个发送' });
  const arrived = new Set<number>();
  for (let number = 0; number < count; number++) {
    await flow.send(numbered(number));
    arrived.add(numberOf(await receiver.receive()));
  }
  return { sent: count, errors: 0, received: arrived.size };
}

function numbered(number: number): Buffer {
  const datagram = Buffer.alloc(DATAGRAM_BYTES);
  datagram.writeInt32BE(number);
  return datagram;
}

function numberOf({ payload }: ReceivedDatagram): number {
  return Buffer.from(payload).readInt32BE();
}

function describeLost({ sent, received, lost, omittedRanges }: Facts['burst']): Text {
  const ranges = describeRanges(lost);
  const count = sent - received;
  return {
    en: `${count}, which no send told: number ${ranges}${omittedRanges > 0 ? ` and ${omittedRanges} more ranges` : ''}`,
    zh: `${count} 个，没有任何一次发送报错：序号 ${ranges}${omittedRanges > 0 ? `，另有 ${omittedRanges} 段` : ''}`,
  };
}

function describeDrops(kernelDrops: number | null, receiveBufferBytes: number): Text {
  if (kernelDrops === null) return { en: 'this machine does not show what it dropped', zh: '本机看不到内核的丢弃计数' };
  return {
    en: `counts ${kernelDrops} dropped at this socket, whose buffer was set to ${receiveBufferBytes} bytes`,
    zh: `在这个套接字上计为丢弃 ${kernelDrops} 个，它的接收缓冲区设为 ${receiveBufferBytes} 字节`,
  };
}

export default experiment;
