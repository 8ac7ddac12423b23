import { FrameError, i32le } from '@socklab/framing';
import { defineExperiment, type Experiment, type Row } from '../lab/experiment.ts';
import { recvExactly } from '../lab/recv.ts';
import { hex } from '../lab/text.ts';

/** A number, its four bytes, and the number they give back. */
interface Packed {
  readonly value: number;
  readonly bytes: string;
  readonly unpacked: number;
}

/** What lesson 12 measures. */
export interface Facts {
  /** Packed here, sent over a connection, unpacked from what arrived. */
  readonly sent: Packed;
  /** The smallest and the largest number. */
  readonly limits: readonly Packed[];
  /** One beyond each limit; `error` is what refused it, `null` when nothing did. */
  readonly beyond: readonly { readonly value: number; readonly error: string | null }[];
}

const experiment: Experiment<Facts> = defineExperiment({
  id: 'prefix-holds-a-length',
  lesson: 12,
  title: 'A length in four bytes',
  question: 'Do four bytes carry every length up to 2147483647, and refuse one more?',
  params: {
    value: { default: 111_111, min: i32le.min, max: i32le.max, unit: 'count', help: 'The number to pack' },
  },

  async run(lab, { value }) {
    const { sender, receiver } = await lab.tcpPair(recvExactly(i32le.byteLength));
    sender.send(pack(value));
    sender.end();
    receiver.start();
    const arrived = await receiver.result();
    return {
      sent: { value, bytes: hex(arrived), unpacked: i32le.read(arrived, 0) },
      limits: [i32le.min, i32le.max].map(packedAndBack),
      beyond: [i32le.min - 1, i32le.max + 1].map((beyond) => ({ value: beyond, error: refusal(beyond) })),
    };
  },

  verdict({ sent, limits, beyond }) {
    const areExact = [sent, ...limits].every(({ value, unpacked }) => value === unpacked);
    return areExact && beyond.every(({ error }) => error !== null) ? 'yes' : 'no';
  },
  expected: () => 'yes',
  rows: ({ sent, limits, beyond }) => [
    row(sent),
    ...limits.map(row),
    ...beyond.map(({ value, error }) => ({ label: `${value}`, value: error ?? 'packed without an error' })),
  ],
});

function pack(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(i32le.byteLength);
  i32le.write(bytes, 0, value);
  return bytes;
}

function packedAndBack(value: number): Packed {
  const bytes = pack(value);
  return { value, bytes: hex(bytes), unpacked: i32le.read(bytes, 0) };
}

function refusal(value: number): string | null {
  try {
    pack(value);
    return null;
  } catch (error) {
    if (error instanceof FrameError) return `${error.message} (${error.code})`;
    throw error;
  }
}

function row({ value, bytes, unpacked }: Packed): Row {
  return { label: `${value}`, value: `packs to ${bytes}, which unpacks to ${unpacked}` };
}

export default experiment;
