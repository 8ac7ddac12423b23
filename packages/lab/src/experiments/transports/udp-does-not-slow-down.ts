import { alike } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { fillConnection } from '../../lab/peers/fill-connection.ts';
import { openTcpEnds, readBytes } from '../../lab/peers/tcp-ends.ts';
import { openUdpPeer, receiveWaiting } from '../../lab/peers/udp-peer.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { Lab } from '../../lab/lab.ts';

/** What lesson 7 measures. The reader of both reads nothing while the sender sends. */
export interface Facts {
  readonly tcp: {
    /** Whether the sender had to stop. */
    readonly isStopped: boolean;
    /** Bytes that the kernel had accepted by then. */
    readonly takenBytes: number;
    readonly durationMs: number;
    /** Bytes the sender wrote, and bytes the reader got once it read. */
    readonly writtenBytes: number;
    readonly readBytes: number;
  };
  readonly udp: {
    readonly datagramBytes: number;
    /** What the sender sent: `factor` times what TCP took. */
    readonly sentBytes: number;
    /** Failed sends. */
    readonly errors: number;
    readonly durationMs: number;
    /** What the reader got once it read. */
    readonly readBytes: number;
  };
}

const CHUNK_BYTES = 16_384;
const DATAGRAM_BYTES = 16_384;
// For machines on which TCP accepts far more than usual.
const MAX_SENT_BYTES = 64 * 1024 * 1024;

const experiment: Experiment<Facts> = defineExperiment({
  id: 'udp-does-not-slow-down',
  lesson: 7,
  title: { en: 'UDP does not slow down', zh: 'UDP 不会慢下来' },
  question: {
    en: 'Does UDP go on sending at full speed to one who reads nothing, where TCP stops?',
    zh: '对方什么都不读时，UDP 是不是照样全速发送，而 TCP 会停下来？',
  },
  why: {
    en: 'TCP sends no more than the receiver has room for (flow control) and than the network seems to bear (congestion control), and makes the writer wait: nothing is lost. UDP has neither, so whoever sends faster than the other reads, or than the network carries, loses the rest and is not told.',
    zh: 'TCP 发送的量不会超过接收方剩余的空间（流量控制），也不会超过网络看起来能承受的程度（拥塞控制），多出来的就让写的一方等待，因此什么都不丢。UDP 两者都没有，发得比对方读得快、或者比网络传得快，多出来的就丢了，而且没人告诉发送方。',
  },
  params: {
    factor: {
      default: 2,
      min: 1,
      max: 4,
      unit: 'count',
      help: { en: 'UDP sends so many times what TCP took', zh: 'UDP 发送的量是 TCP 收下的多少倍' },
    },
  },

  async run(lab, { factor }) {
    const tcp = await sendOverTcp(lab);
    return { tcp, udp: await sendOverUdp(lab, tcp.takenBytes * factor) };
  },

  verdict({ tcp, udp }) {
    const isTcpWhole = tcp.isStopped && tcp.readBytes === tcp.writtenBytes;
    const isUdpUnstopped = udp.errors === 0 && udp.sentBytes >= tcp.takenBytes;
    return isTcpWhole && isUdpUnstopped && udp.readBytes < udp.sentBytes ? 'yes' : 'no';
  },
  expected: () => 'yes',
  challenges: [
    {
      text: { en: 'Send over UDP no more than TCP took: is any of it lost?', zh: 'UDP 发送的量不超过 TCP 收下的量：还会丢吗？' },
      isMet: ({ tcp, udp }) => udp.sentBytes < tcp.takenBytes + udp.datagramBytes && udp.readBytes < udp.sentBytes,
    },
    {
      text: {
        en: 'Send more than three times what TCP took, without a single error.',
        zh: '发送的量超过 TCP 收下的三倍，而且没有一次出错。',
      },
      isMet: ({ tcp, udp }) => udp.sentBytes > 3 * tcp.takenBytes && udp.errors === 0,
    },
  ],
  rows: ({ tcp, udp }) => [
    {
      label: alike('TCP'),
      value: {
        en: `stopped after ${tcp.takenBytes} bytes (${speed(tcp.takenBytes, tcp.durationMs)}); then ${tcp.readBytes} of ${tcp.writtenBytes} were read`,
        zh: `写入 ${tcp.takenBytes} 字节后停下（${speed(tcp.takenBytes, tcp.durationMs)}）；之后读到 ${tcp.readBytes} 字节，写入的共 ${tcp.writtenBytes} 字节`,
      },
    },
    {
      label: alike('UDP'),
      value: {
        en: `sent all ${udp.sentBytes} bytes (${speed(udp.sentBytes, udp.durationMs)}), ${udp.errors} errors; then ${udp.readBytes} were read`,
        zh: `全部 ${udp.sentBytes} 字节都发出去了（${speed(udp.sentBytes, udp.durationMs)}），${udp.errors} 次出错；之后只读到 ${udp.readBytes} 字节`,
      },
    },
    {
      label: { en: 'not judged', zh: '仅供参考' },
      value: {
        en: 'the speeds; and what congestion control does needs a network with a bottleneck, which loopback has not',
        zh: '速度只供参考；拥塞控制的作用要在有瓶颈的网络上才看得到，回环接口没有瓶颈',
      },
    },
  ],
});

async function sendOverTcp(lab: Lab): Promise<Facts['tcp']> {
  const { client, server } = await openTcpEnds(lab, { client: { en: 'TCP, to one who reads nothing', zh: 'TCP，对方不读取' } });
  const { isFull, completedBytes, writtenBytes, durationMs } = await fillConnection(lab, { sender: client, receiver: server }, CHUNK_BYTES);
  const read = await readBytes(server, writtenBytes);
  return { isStopped: isFull, takenBytes: completedBytes, durationMs, writtenBytes, readBytes: read.length };
}

async function sendOverUdp(lab: Lab, wantedBytes: number): Promise<Facts['udp']> {
  const receiver = await openUdpPeer(lab);
  const sender = await openUdpPeer(lab);
  const flow = sender.flowTo(receiver, { en: 'UDP, to one who reads nothing', zh: 'UDP，对方不读取' });
  const count = Math.ceil(Math.min(wantedBytes, MAX_SENT_BYTES) / DATAGRAM_BYTES);
  // Numbered, so that the picture can tell them apart.
  const datagrams = Array.from({ length: count }, (_, number) => numbered(number));
  const startedAt = performance.now();
  // In one turn of the event loop, so that the receiver on the same thread cannot read meanwhile.
  const sends = await Promise.allSettled(datagrams.map((datagram) => flow.send(datagram)));
  const durationMs = performance.now() - startedAt;
  const received = await receiveWaiting(receiver, flow);
  const read = received.reduce((sum, { payload }) => sum + payload.length, 0);
  const errors = sends.filter(({ status }) => status === 'rejected').length;
  return { datagramBytes: DATAGRAM_BYTES, sentBytes: count * DATAGRAM_BYTES, errors, durationMs, readBytes: read };
}

function numbered(number: number): Buffer {
  const datagram = Buffer.alloc(DATAGRAM_BYTES);
  datagram.writeInt32BE(number);
  return datagram;
}

function speed(bytes: number, durationMs: number): string {
  return `${Math.round(bytes / 1000 / Math.max(durationMs, 0.001))} MB/s`;
}

export default experiment;
