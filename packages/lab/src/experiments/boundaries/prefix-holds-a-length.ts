import { FrameError, i32le } from '@socklab/framing';
import { alike, hex } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { recvExactly } from '../../lab/record/recv.ts';
import type { Experiment, Row } from '../../lab/experiment.ts';

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
  /** One beyond each limit; `error` is the refusal, `null` if there was none. */
  readonly beyond: readonly { readonly value: number; readonly error: string | null }[];
}

const LABEL = { en: 'a number in four bytes', zh: '四个字节表示的一个数' };

const experiment: Experiment<Facts> = defineExperiment({
  id: 'prefix-holds-a-length',
  lesson: 12,
  title: { en: 'A length in four bytes', zh: '用四个字节表示长度' },
  question: {
    en: 'Do four bytes carry every length up to 2147483647, and refuse one more?',
    zh: '四个字节能不能装下 2147483647 以内的任何长度，再大 1 就拒绝？',
  },
  why: {
    en: 'Four bytes have 32 bits, and one of them is the sign: that leaves the numbers from -2147483648 to 2147483647. They are always four bytes, so a receiver knows how many to read before it knows how long the message is.',
    zh: '四个字节共 32 位，其中一位是符号位，所以能表示 -2147483648 到 2147483647。它们总是正好四个字节，所以接收方在还不知道消息有多长时，就知道先要读几个字节。',
  },
  params: {
    value: { default: 111_111, min: i32le.min, max: i32le.max, unit: 'count', help: { en: 'The number to pack', zh: '要打包的数' } },
  },

  async run(lab, { value }) {
    const { sender, receiver } = await lab.tcpPair(recvExactly(i32le.byteLength), { label: LABEL });
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
  challenges: [
    {
      text: {
        en: 'Find the number whose four bytes are *68 65 6c 6c*, which is the text hell.',
        zh: '找出四个字节为 *68 65 6c 6c*（即文本 hell）的数。',
      },
      isMet: ({ sent }) => sent.bytes === '68 65 6c 6c',
    },
    {
      text: {
        en: 'Find a number whose four bytes are all the same, but neither *00* nor *ff*.',
        zh: '找一个四个字节都相同的数，但不能是 *00* 或 *ff*。',
      },
      isMet: ({ sent: { bytes } }) => new Set(bytes.split(' ')).size === 1 && !/^(?:00|ff)/.test(bytes),
    },
  ],
  rows: ({ sent, limits, beyond }) => [
    row(sent),
    ...limits.map(row),
    ...beyond.map(({ value, error }) => ({
      label: alike(`${value}`),
      value:
        error === null
          ? { en: 'packed without an error', zh: '打包成功，没有报错' }
          : { en: error, zh: `i32le 放不下 ${value}，只能是 ${i32le.min} 到 ${i32le.max} 的整数` },
    })),
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
  return {
    label: alike(`${value}`),
    value: { en: `packs to ${bytes}, which unpacks to ${unpacked}`, zh: `打包为 ${bytes}，解包得 ${unpacked}` },
  };
}

export default experiment;
