import { i32le, lengthPrefixed, type Bytes } from '@socklab/framing';
import { defineExperiment, type Experiment } from '../lab/experiment.ts';
import type { Lab } from '../lab/lab.ts';
import { recvMessages, type RecvProgram } from '../lab/recv.ts';
import { shown, utf8 } from '../lab/text.ts';

/** What a receiver made of a frame. */
interface Received {
  readonly isIntact: boolean;
  /** What it has instead of the message, or the message. */
  readonly got: string;
}

/** One place to cut the frame, and what both receivers made of it. */
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

const MESSAGE = '哈哈哈哈哈';
const CODEC = lengthPrefixed({ length: i32le });
const READ_BYTES = 1024;

const experiment: Experiment<Facts> = defineExperiment({
  id: 'naive-fix-breaks',
  lesson: 14,
  title: 'The fix that is not enough',
  question: 'Does recv(4), then recv(n), break at every cut but the one between, where a decoder breaks at none?',
  params: {},

  async run(lab) {
    const frame = CODEC.encode(utf8(MESSAGE));
    const cuts: Cut[] = [];
    for (let at = 1; at < frame.length; at++) cuts.push(await receiveBoth(lab, frame, at));
    return { message: MESSAGE, frameBytes: frame.length, uncut: await receiveBoth(lab, frame, 0), cuts };
  },

  verdict({ uncut, cuts }) {
    const isAsSaid = cuts.every(({ at, naive }) => naive.isIntact === (at === i32le.byteLength));
    const isDecoderIntact = [uncut, ...cuts].every(({ decoder }) => decoder.isIntact);
    return isAsSaid && uncut.naive.isIntact && isDecoderIntact ? 'yes' : 'no';
  },
  expected: () => 'yes',
  rows({ message, frameBytes, uncut, cuts }) {
    const broken = cuts.filter(({ naive }) => !naive.isIntact).length;
    const decoderBroken = cuts.filter(({ decoder }) => !decoder.isIntact).length;
    return [
      { label: 'frame', value: `'${message}' with its length before it, ${frameBytes} bytes` },
      {
        label: 'breaks',
        value: `naive recv(4), recv(n): at ${broken} of ${cuts.length} cuts; decoder: at ${decoderBroken} of ${cuts.length} cuts`,
      },
      { label: 'uncut', value: describeCut(uncut) },
      ...cuts.map((cut) => ({ label: `cut at ${cut.at}`, value: describeCut(cut) })),
    ];
  },
});

/** The fix as it is often taught: each recv is taken to bring all that was asked for. */
function* naiveFix(): RecvProgram<{ readonly header: Bytes; readonly payload?: Bytes }> {
  const header = yield i32le.byteLength;
  // struct.unpack raises an error here.
  if (header.length < i32le.byteLength) return { header };
  return { header, payload: yield i32le.read(header, 0) };
}

async function receiveBoth(lab: Lab, frame: Bytes, at: number): Promise<Cut> {
  const pieces = at === 0 ? [frame] : [frame.subarray(0, at), frame.subarray(at)];
  return { at, naive: await receiveNaively(lab, pieces), decoder: await receiveDecoded(lab, pieces) };
}

async function receiveNaively(lab: Lab, pieces: readonly Bytes[]): Promise<Received> {
  const { receiver, deliver } = await lab.tcpPair(naiveFix());
  await deliver(pieces);
  const { header, payload } = await receiver.result();
  if (payload === undefined) {
    return { isIntact: false, got: `a header of ${header.length} of ${i32le.byteLength} bytes, which cannot be unpacked` };
  }
  const text = shown(payload);
  if (text === MESSAGE) return { isIntact: true, got: `'${text}'` };
  return { isIntact: false, got: `${payload.length} of ${i32le.read(header, 0)} bytes: '${text}'` };
}

async function receiveDecoded(lab: Lab, pieces: readonly Bytes[]): Promise<Received> {
  const { sender, receiver, deliver } = await lab.tcpPair(recvMessages(CODEC, READ_BYTES));
  await deliver(pieces);
  sender.end();
  const messages = await receiver.result();
  const texts = messages.map(shown);
  return { isIntact: texts.length === 1 && texts[0] === MESSAGE, got: texts.map((text) => `'${text}'`).join(', ') };
}

function describeCut({ naive, decoder }: Cut): string {
  return `naive: ${naive.isIntact ? 'the message' : naive.got}; decoder: ${decoder.isIntact ? 'the message' : decoder.got}`;
}

export default experiment;
