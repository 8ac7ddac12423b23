import { i32le, lengthPrefixed } from '@socklab/framing';
import { alike, excerpt, quoted, shown, utf8 } from '../../lab/base/text.ts';
import { defineExperiment } from '../../lab/experiment.ts';
import { recvMessages } from '../../lab/record/recv.ts';
import type { Experiment } from '../../lab/experiment.ts';
import type { Lab } from '../../lab/lab.ts';
import type { RecvProgram } from '../../lab/record/recv.ts';
import type { Text } from '../../text.ts';
import type { Bytes } from '@socklab/framing';

/** Result of a receiver for a frame. */
interface Received {
  readonly isIntact: boolean;
  /** The message, or what was received instead. */
  readonly got: Text;
}

/** One cut of the frame, and the results of both receivers. */
interface Cut {
  /** Bytes before the cut; 0 for the frame in one piece. */
  readonly at: number;
  readonly naive: Received;
  readonly decoder: Received;
}

/** What lesson 14 measures. */
export interface Facts {
  readonly message: string;
  readonly frameBytes: number;
  /** The frame in one piece. */
  readonly uncut: Cut;
  /** The frame in two pieces, the second sent when the first had been read; cut at each byte. */
  readonly cuts: readonly Cut[];
}

const CHARACTER = '哈';
const CODEC = lengthPrefixed({ length: i32le });
const READ_BYTES = 1024;

const NAIVE = { en: 'naive', zh: '简单写法' };
const DECODER = { en: 'decoder', zh: '解码器' };
const WHOLE = { en: 'the message', zh: '完整的消息' };

function labelOf(receiver: Text, at: number): Text {
  if (at === 0) return { en: `${receiver.en}, uncut`, zh: `${receiver.zh}，不拆` };
  return { en: `${receiver.en}, cut at ${at}`, zh: `${receiver.zh}，切点 ${at}` };
}

const experiment: Experiment<Facts> = defineExperiment({
  id: 'naive-fix-breaks',
  lesson: 14,
  title: { en: 'The fix that is not enough', zh: '看似解决，其实会出错' },
  question: {
    en: 'Does recv(4), then recv(n), break at every cut but the one between, where a decoder breaks at none?',
    zh: '先 recv(4)、再 recv(n)：是不是只要没有正好切在两者之间就会出错，而换成解码器就不会？',
  },
  why: {
    en: 'recv(n) promises at most n bytes, not n: when a cut falls inside the header or the payload, it brings what is there and no more. Only a receiver that keeps what has come and reads on until the frame is complete is right wherever the bytes are cut.',
    zh: 'recv(n) 保证的是最多 n 个字节，而不是正好 n 个：切点落在头部或正文里面时，它只带回已经到达的部分。只有把已到的字节留着、一直读到整帧到齐的接收方，才能在任何切点下都正确。',
  },
  params: {
    characters: {
      default: 5,
      min: 1,
      max: 20,
      unit: 'count',
      help: { en: 'Characters of the message, 3 bytes each', zh: '消息的字数，每个字 3 字节' },
    },
  },

  async run(lab, { characters }) {
    const message = CHARACTER.repeat(characters);
    const frame = CODEC.encode(utf8(message));
    const cuts: Cut[] = [];
    for (let at = 1; at < frame.length; at++) cuts.push(await receiveBoth(lab, { message, frame }, at));
    return { message, frameBytes: frame.length, uncut: await receiveBoth(lab, { message, frame }, 0), cuts };
  },

  verdict({ uncut, cuts }) {
    const isAsSaid = cuts.every(({ at, naive }) => naive.isIntact === (at === i32le.byteLength));
    const isDecoderIntact = [uncut, ...cuts].every(({ decoder }) => decoder.isIntact);
    return isAsSaid && uncut.naive.isIntact && isDecoderIntact ? 'yes' : 'no';
  },
  expected: () => 'yes',
  challenges: [
    {
      text: {
        en: 'Send a single character: at how many cuts is the naive receiver right?',
        zh: '只发一个字：简单写法在几个切点下是对的？',
      },
      isMet: ({ cuts }) => cuts.length === 6,
    },
    {
      text: {
        en: 'Make the naive receiver break at more than 50 cuts, and the decoder at none.',
        zh: '让简单写法在 50 个以上的切点出错，而解码器一次也不出错。',
      },
      isMet: ({ cuts }) => cuts.filter(({ naive }) => !naive.isIntact).length > 50 && cuts.every(({ decoder }) => decoder.isIntact),
    },
  ],
  rows({ message, frameBytes, uncut, cuts }) {
    const broken = cuts.filter(({ naive }) => !naive.isIntact).length;
    const decoderBroken = cuts.filter(({ decoder }) => !decoder.isIntact).length;
    return [
      {
        label: { en: 'frame', zh: '帧' },
        value: {
          en: `'${message}' with its length before it, ${frameBytes} bytes`,
          zh: `'${message}'，前面是它的长度，共 ${frameBytes} 字节`,
        },
      },
      {
        label: { en: 'breaks', zh: '出错' },
        value: {
          en: `naive recv(4), recv(n): at ${broken} of ${cuts.length} cuts; decoder: at ${decoderBroken} of ${cuts.length} cuts`,
          zh: `${cuts.length} 个切点中，简单写法 recv(4)、recv(n) 在 ${broken} 处出错，解码器在 ${decoderBroken} 处出错`,
        },
      },
      { label: { en: 'uncut', zh: '不拆' }, value: describeCut(uncut) },
      ...cuts.map((cut) => ({ label: { en: `cut at ${cut.at}`, zh: `切点 ${cut.at}` }, value: describeCut(cut) })),
    ];
  },
});

/** The fix as it is often taught: each recv is expected to return everything asked for. */
function* naiveFix(): RecvProgram<{ readonly header: Bytes; readonly payload?: Bytes }> {
  const header = yield i32le.byteLength;
  if (header.length < i32le.byteLength) {
    // struct.unpack raises an error here.
    yield { type: 'fault', start: 0, reason: cannotUnpack(header.length) };
    return { header };
  }
  const payload = yield i32le.read(header, 0);
  yield { type: 'message', start: 0, end: header.length + payload.length, text: excerpt(payload) };
  return { header, payload };
}

/** What is sent. */
interface Sent {
  readonly message: string;
  readonly frame: Bytes;
}

async function receiveBoth(lab: Lab, { message, frame }: Sent, at: number): Promise<Cut> {
  const pieces = at === 0 ? [frame] : [frame.subarray(0, at), frame.subarray(at)];
  const delivery: Delivery = { message, pieces, at };
  return { at, naive: await receiveNaively(lab, delivery), decoder: await receiveDecoded(lab, delivery) };
}

/** What a receiver gets, and what it should make of it. */
interface Delivery extends Pick<Sent, 'message'> {
  readonly pieces: readonly Bytes[];
  readonly at: number;
}

async function receiveNaively(lab: Lab, { message, pieces, at }: Delivery): Promise<Received> {
  const { receiver, deliver } = await lab.tcpPair(naiveFix(), { label: labelOf(NAIVE, at) });
  await deliver(pieces);
  const { header, payload } = await receiver.result();
  if (payload === undefined) return { isIntact: false, got: cannotUnpack(header.length) };
  const text = shown(payload);
  if (text === message) return { isIntact: true, got: alike(`'${text}'`) };
  const declared = i32le.read(header, 0);
  return {
    isIntact: false,
    got: { en: `${payload.length} of ${declared} bytes: '${text}'`, zh: `${declared} 字节中的 ${payload.length} 字节：'${text}'` },
  };
}

function cannotUnpack(headerBytes: number): Text {
  return {
    en: `a header of ${headerBytes} of ${i32le.byteLength} bytes, which cannot be unpacked`,
    zh: `头部只有 ${i32le.byteLength} 字节中的 ${headerBytes} 字节，无法解包`,
  };
}

async function receiveDecoded(lab: Lab, { message, pieces, at }: Delivery): Promise<Received> {
  const { sender, receiver, deliver } = await lab.tcpPair(recvMessages(CODEC, READ_BYTES), { label: labelOf(DECODER, at) });
  await deliver(pieces);
  sender.end();
  const messages = await receiver.result();
  const texts = messages.map(shown);
  return { isIntact: texts.length === 1 && texts[0] === message, got: alike(quoted(texts)) };
}

function describeCut({ naive, decoder }: Cut): Text {
  const [byNaive, byDecoder] = [naive, decoder].map(({ isIntact, got }) => (isIntact ? WHOLE : got)) as [Text, Text];
  return {
    en: `${NAIVE.en}: ${byNaive.en}; ${DECODER.en}: ${byDecoder.en}`,
    zh: `${NAIVE.zh}：${byNaive.zh}；${DECODER.zh}：${byDecoder.zh}`,
  };
}

export default experiment;
