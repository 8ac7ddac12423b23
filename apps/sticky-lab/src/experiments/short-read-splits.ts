import { defineExperiment, type Experiment } from '../lab/experiment.ts';
import { describeArrival, type Arrival } from '../lab/kernel-queue.ts';
import { recvSizes } from '../lab/recv.ts';
import { quoted, shown, utf8 } from '../lab/text.ts';

/** What lesson 11 measures. */
export interface Facts {
  readonly sends: readonly string[];
  readonly firstReadBytes: number;
  readonly readBytes: number;
  readonly reads: readonly string[];
  /** How it was made sure that both sends were there before the first read. */
  readonly arrival: Arrival;
}

const FIRST = 'hello';
const SECOND = 'alex';

const experiment: Experiment<Facts> = defineExperiment({
  id: 'short-read-splits',
  lesson: 11,
  title: 'A short read cuts and glues',
  question: 'Does a short first read cut a message, and does its rest arrive glued to the next?',
  params: {
    firstReadBytes: { default: 2, min: 1, max: 65_536, unit: 'bytes', help: 'Most that the first read takes' },
    readBytes: { default: 15, min: 1, max: 65_536, unit: 'bytes', help: 'Most that each later read takes' },
  },

  async run(lab, { firstReadBytes, readBytes }) {
    const { sender, receiver, arrived } = await lab.tcpPair(recvSizes(firstReadBytes, readBytes));
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
  rows: ({ sends, firstReadBytes, readBytes, reads: [first = '', ...later], arrival }) => [
    { label: 'sent', value: quoted(sends) },
    { label: `recv(${firstReadBytes})`, value: quoted([first]) },
    { label: `recv(${readBytes})`, value: quoted(later) },
    { label: 'first read', value: describeArrival(arrival) },
  ],
});

export default experiment;
