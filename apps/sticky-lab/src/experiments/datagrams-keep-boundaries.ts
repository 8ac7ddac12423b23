import { defineExperiment, type Experiment } from '../lab/experiment.ts';
import { quoted, shown, utf8 } from '../lab/text.ts';

/** What lesson 15 measures. */
export interface Facts {
  readonly sends: readonly string[];
  readonly reads: readonly string[];
  /** What a short read does to a long datagram. */
  readonly short: {
    /** Node gives every datagram whole: this is cut here, as recvfrom(n) cuts it. */
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

const experiment: Experiment<Facts> = defineExperiment({
  id: 'datagrams-keep-boundaries',
  lesson: 15,
  title: 'UDP keeps boundaries',
  question: 'Do two datagrams arrive as two reads, each exactly as it was sent?',
  params: { readBytes: { default: 5, min: 1, max: 65_507, unit: 'bytes', help: 'Most that the short read takes (simulated)' } },

  async run(lab, { readBytes }) {
    const receiver = await lab.udpSocket();
    const sender = await lab.udpSocket();
    const exchange = async (texts: readonly string[]): Promise<readonly Uint8Array[]> => {
      // Back to back, as in the lesson over TCP: neither waits for the other to be read.
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
  rows: ({ sends, reads, short }) => [
    { label: 'sent', value: quoted(sends) },
    { label: 'reads', value: quoted(reads) },
    { label: 'sent', value: quoted(short.sends) },
    { label: `recvfrom(${short.readBytes})`, value: `${quoted(short.reads)}; lost: ${quoted(short.lost)}` },
    { label: 'simulated', value: 'that cut was made here: Node gives every datagram whole, while recvfrom(n) cuts it' },
  ],
});

export default experiment;
