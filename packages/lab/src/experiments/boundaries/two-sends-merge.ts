import { alike, quoted, shown, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { recvSizes } from '../../lab/record/recv.ts';
import { describeArrival } from '../../lab/tcp/kernel-queue.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { Arrival } from '../../lab/tcp/kernel-queue.ts';

/** What lesson 10 measures. */
export interface Facts {
  readonly sends: readonly string[];
  readonly readBytes: number;
  readonly reads: readonly string[];
  /** Evidence that both sends had arrived before the first read. */
  readonly arrival: Arrival;
}

const SENDS = ['hello', 'alex'];
const LABEL = { en: 'two sends back to back', zh: '紧接着的两次发送' };

const experiment: Experiment<Facts> = defineExperiment({
  id: 'two-sends-merge',
  lesson: 10,
  title: { en: 'Two sends, one read', zh: '粘包：两次发送，一次读取' },
  question: { en: 'Do two sends back to back arrive as one read?', zh: '紧接着发送的两条消息，会被一次读取一起收到吗？' },
  why: {
    en: 'TCP carries a stream of bytes and keeps no record of where one send ended and the next began. Whatever waits in the kernel of the receiver is one queue, and a read takes from it as much as fits, across every message boundary.',
    zh: 'TCP 传输的是字节流，并不记录上一次发送在哪里结束、下一次从哪里开始。等在接收方内核缓冲区里的字节排成一队，一次读取装得下多少就取走多少，并不理会消息边界。',
  },
  whyOtherwise: {
    en: 'The read asked for fewer bytes than were waiting, so it took that many and left the rest for the next. It ended where its own size ended, which is a message boundary only by chance.',
    zh: '这次读取要的字节数少于正在排队的字节数，于是只取走这么多，剩下的留给下一次。它在自己要够字节的地方结束，那里恰好是消息边界也只是碰巧。',
  },
  params: {
    readBytes: {
      default: 15,
      min: 1,
      max: 65_536,
      unit: 'bytes',
      help: { en: 'Most that one read takes', zh: '一次读取最多取走多少字节' },
    },
  },

  async run(lab, { readBytes }) {
    const { sender, receiver, arrived } = await lab.tcpPair(recvSizes(readBytes), { label: LABEL, hasSegments: true });
    for (const text of SENDS) sender.send(utf8(text));
    const arrival = await arrived(utf8(SENDS.join('')).length);
    sender.end();
    receiver.start();
    const reads = await receiver.result();
    return { sends: SENDS, readBytes, reads: reads.map(shown), arrival };
  },

  verdict: ({ sends, reads }) => (reads[0] === sends.join('') ? 'yes' : 'no'),
  expected: ({ readBytes }) => (readBytes >= SENDS.join('').length ? 'yes' : 'no'),
  challenges: [
    {
      text: { en: 'Make *alex* be cut in two.', zh: '让 *alex* 被拆成两段。' },
      isMet: ({ reads }) => endsOf(reads).some((end) => end > 5 && end < 9),
    },
    {
      text: {
        en: 'Read *hello* and *alex* each on its own, with nothing but recv. Would it hold for other messages?',
        zh: '只用 recv，分别单独读到 *hello* 和 *alex*。换成别的消息还行吗？',
      },
      isMet: ({ sends, reads }) => sends.every((send, at) => reads[at] === send),
    },
  ],
  rows: ({ sends, readBytes, reads, arrival }) => [
    { label: { en: 'sent', zh: '发送' }, value: alike(quoted(sends)) },
    { label: alike(`recv(${readBytes})`), value: alike(quoted(reads)) },
    { label: { en: 'first read', zh: '首次读取' }, value: describeArrival(arrival) },
  ],
});

/** Offset in the stream at which each read ended. */
function endsOf(reads: readonly string[]): readonly number[] {
  let end = 0;
  return reads.map(({ length }) => (end += length));
}

export default experiment;
