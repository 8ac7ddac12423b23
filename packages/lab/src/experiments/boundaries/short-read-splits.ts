import { alike, quoted, shown, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { recvSizes } from '../../lab/record/recv.ts';
import { describeArrival } from '../../lab/tcp/kernel-queue.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { Arrival } from '../../lab/tcp/kernel-queue.ts';

/** What lesson 11 measures. */
export interface Facts {
  readonly sends: readonly string[];
  readonly firstReadBytes: number;
  readonly readBytes: number;
  readonly reads: readonly string[];
  /** Evidence that both sends had arrived before the first read. */
  readonly arrival: Arrival;
}

const FIRST = 'hello';
const SECOND = 'alex';
const LABEL = { en: 'a short read, then longer ones', zh: '先短读，再长读' };

const experiment: Experiment<Facts> = defineExperiment({
  id: 'short-read-splits',
  lesson: 11,
  title: { en: 'A short read cuts and glues', zh: '拆包：短读取既拆又粘' },
  question: {
    en: 'Does a short first read cut a message, and does its rest arrive glued to the next?',
    zh: '第一次只读很少的字节，会不会把消息拆开，并让剩下的部分和下一条粘在一起？',
  },
  why: {
    en: 'A read takes at most as many bytes as it asks for, and what it leaves stays first in the queue. The next read begins there and goes on into the following message, because nothing in the stream says where that begins.',
    zh: '一次读取最多取走它所要的字节数，剩下的仍排在缓冲区的最前面。下一次读取就从那里开始，并一直读进后面的消息，因为字节流里没有任何东西标明下一条消息从哪里开始。',
  },
  whyOtherwise: {
    en: 'Either the first read asked for all of the message, so that nothing was cut, or the later ones asked for no more than its rest, so that nothing was glued to it. Both are up to the sizes that were asked for, for the stream itself has no boundary to keep.',
    zh: '要么第一次读取要的字节数不少于整条消息，所以没有拆开；要么之后的读取要的不超过剩下的部分，所以没有粘上别的。两种情况都取决于每次要多少字节，因为字节流本身没有边界可守。',
  },
  params: {
    firstReadBytes: {
      default: 2,
      min: 1,
      max: 65_536,
      unit: 'bytes',
      help: { en: 'Most that the first read takes', zh: '第一次读取最多取走多少字节' },
    },
    readBytes: {
      default: 15,
      min: 1,
      max: 65_536,
      unit: 'bytes',
      help: { en: 'Most that each later read takes', zh: '之后每次读取最多取走多少字节' },
    },
  },

  async run(lab, { firstReadBytes, readBytes }) {
    const { sender, receiver, arrived } = await lab.tcpPair(recvSizes(firstReadBytes, readBytes), { label: LABEL, hasSegments: true });
    sender.send(utf8(FIRST));
    sender.send(utf8(SECOND));
    const arrival = await arrived(FIRST.length + SECOND.length);
    sender.end();
    receiver.start();
    const reads = await receiver.result();
    return { sends: [FIRST, SECOND], firstReadBytes, readBytes, reads: reads.map(shown), arrival };
  },

  verdict({ sends: [first = ''], reads: [head = '', glued = ''] }) {
    const rest = first.slice(head.length);
    const isCut = rest !== '' && first.startsWith(head);
    return isCut && glued.startsWith(rest) && glued.length > rest.length ? 'yes' : 'no';
  },
  expected({ firstReadBytes, readBytes }) {
    const restBytes = FIRST.length - firstReadBytes;
    return restBytes > 0 && readBytes > restBytes ? 'yes' : 'no';
  },
  challenges: [
    {
      text: { en: 'Let the first read take exactly *hello*.', zh: '让第一次读取恰好取走 *hello*。' },
      isMet: ({ sends, reads }) => reads[0] === sends[0],
    },
    {
      text: { en: 'Cut *hello*, and still let its rest arrive alone.', zh: '把 *hello* 拆开，同时让它剩下的部分单独到达。' },
      isMet: ({ sends: [first = ''], reads: [head = '', rest = ''] }) => head !== '' && rest !== '' && head + rest === first,
    },
  ],
  rows: ({ sends, firstReadBytes, readBytes, reads: [first = '', ...later], arrival }) => [
    { label: { en: 'sent', zh: '发送' }, value: alike(quoted(sends)) },
    { label: alike(`recv(${firstReadBytes})`), value: alike(quoted([first])) },
    { label: alike(`recv(${readBytes})`), value: alike(quoted(later)) },
    { label: { en: 'first read', zh: '首次读取' }, value: describeArrival(arrival) },
  ],
});

export default experiment;
