import { alike, quoted, shown, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import type { Experiment } from '../../lab/experiment.ts';

/** What lesson 15 measures. */
export interface Facts {
  readonly sends: readonly string[];
  readonly reads: readonly string[];
  /** What a short read does to a long datagram. */
  readonly short: {
    /** Node.js delivers every datagram whole: it is cut here as recvfrom(n) would cut it. */
    readonly isSimulated: true;
    readonly readBytes: number;
    readonly sends: readonly string[];
    /** What arrived, before the cut. */
    readonly arrived: readonly string[];
    readonly reads: readonly string[];
    readonly lost: readonly string[];
  };
}

const SENDS = ['hello', 'alex'];
// The second shows that the next read brings the next datagram, not the rest of the first.
const LONG_SENDS = ['helloalex', 'next'];

const SENT = { en: 'sent', zh: '发送' };
const LABEL = { en: 'datagrams', zh: '数据报' };

const experiment: Experiment<Facts> = defineExperiment({
  id: 'datagrams-keep-boundaries',
  lesson: 15,
  title: { en: 'UDP keeps boundaries', zh: 'UDP 保留消息边界' },
  question: {
    en: 'Do two datagrams arrive as two reads, each exactly as it was sent?',
    zh: '两个数据报会不会分两次读到，每个都和发送时一模一样？',
  },
  why: {
    en: 'UDP sends each message as a datagram of its own, and the kernel of the receiver queues datagrams, not bytes: one read takes exactly one. That is why nothing sticks together; but what does not fit into a short read is thrown away, and is not there for the next.',
    zh: 'UDP 把每条消息作为一个独立的数据报发送，接收方内核里排队的是数据报而不是字节，一次读取正好取走一个，所以不会粘包。但短读取装不下的部分会被丢弃，下一次读取也拿不回来。',
  },
  params: {
    readBytes: {
      default: 5,
      min: 1,
      max: 65_507,
      unit: 'bytes',
      help: { en: 'Most that the short read takes (simulated)', zh: '短读取最多取走多少字节（模拟）' },
    },
  },

  async run(lab, { readBytes }) {
    const receiver = await lab.udpSocket();
    const sender = await lab.udpSocket({ label: LABEL });
    const exchange = async (texts: readonly string[]): Promise<readonly Uint8Array[]> => {
      // Back to back, as in the lesson over TCP: no send waits for a read.
      await Promise.all(texts.map((text) => sender.send(utf8(text), receiver.port)));
      const datagrams: Uint8Array[] = [];
      while (datagrams.length < texts.length) datagrams.push(await receiver.receive());
      return datagrams;
    };
    const reads = await exchange(SENDS);
    const long = await exchange(LONG_SENDS);
    return {
      sends: SENDS,
      reads: reads.map(shown),
      short: {
        isSimulated: true,
        readBytes,
        sends: LONG_SENDS,
        arrived: long.map(shown),
        reads: long.map((datagram) => shown(datagram.subarray(0, readBytes))),
        lost: long.map((datagram) => shown(datagram.subarray(readBytes))),
      },
    };
  },

  verdict: ({ sends, reads }) => (quoted(reads) === quoted(sends) ? 'yes' : 'no'),
  expected: () => 'yes',
  challenges: [
    {
      text: { en: 'Let the short read lose nothing.', zh: '让短读取什么也不丢。' },
      isMet: ({ short: { lost } }) => lost.every((rest) => rest === ''),
    },
    {
      text: { en: 'Let it lose a part of *next* too.', zh: '让它把 *next* 也丢掉一部分。' },
      isMet: ({ short: { lost } }) => lost.every((rest) => rest !== ''),
    },
  ],
  rows: ({ sends, reads, short }) => [
    { label: SENT, value: alike(quoted(sends)) },
    { label: { en: 'reads', zh: '读取' }, value: alike(quoted(reads)) },
    { label: SENT, value: alike(quoted(short.sends)) },
    {
      label: alike(`recvfrom(${short.readBytes})`),
      value: {
        en: `${quoted(short.reads)}; lost: ${quoted(short.lost)}`,
        zh: `${quoted(short.reads)}；丢失：${quoted(short.lost)}`,
      },
    },
    {
      label: { en: 'simulated', zh: '模拟' },
      value: {
        en: 'that cut was made here: Node gives every datagram whole, while recvfrom(n) cuts it',
        zh: '这一截断是在这里做的：Node 总是给出完整的数据报，而 recvfrom(n) 会把它截断',
      },
    },
  ],
});

export default experiment;
