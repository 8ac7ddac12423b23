import { defineExperiment, type Experiment } from '../lab/experiment.ts';
import { describeArrival, type Arrival } from '../lab/kernel-queue.ts';
import { recvSizes } from '../lab/recv.ts';
import { quoted, shown, utf8 } from '../lab/text.ts';

/** What lesson 10 measures. */
export interface Facts {
  readonly sends: readonly string[];
  readonly readBytes: number;
  readonly reads: readonly string[];
  /** How it was made sure that both sends were there before the first read. */
  readonly arrival: Arrival;
}

const SENDS = ['hello', 'alex'];

const experiment: Experiment<Facts> = defineExperiment({
  id: 'two-sends-merge',
  lesson: 10,
  title: 'Two sends, one read',
  question: 'Do two sends back to back arrive as one read?',
  params: { readBytes: { default: 15, min: 1, max: 65_536, unit: 'bytes', help: 'Most that one read takes' } },

  async run(lab, { readBytes }) {
    const { sender, receiver, arrived } = await lab.tcpPair(recvSizes(readBytes));
    for (const text of SENDS) sender.send(utf8(text));
    const arrival = await arrived(utf8(SENDS.join('')).length);
    sender.end();
    receiver.start();
    const reads = await receiver.result();
    return { sends: SENDS, readBytes, reads: reads.map(shown), arrival };
  },

  verdict: ({ sends, reads }) => (reads[0] === sends.join('') ? 'yes' : 'no'),
  expected: ({ readBytes }) => (readBytes >= SENDS.join('').length ? 'yes' : 'no'),
  rows: ({ sends, readBytes, reads, arrival }) => [
    { label: 'sent', value: quoted(sends) },
    { label: `recv(${readBytes})`, value: quoted(reads) },
    { label: 'first read', value: describeArrival(arrival) },
  ],
});

export default experiment;
