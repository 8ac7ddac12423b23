import { createFrameWriter, i32le, lengthPrefixed, type Bytes } from '@socklab/framing';
import { defineExperiment, type Experiment } from '../lab/experiment.ts';
import { describeArrival, type Arrival } from '../lab/kernel-queue.ts';
import type { Lab } from '../lab/lab.ts';
import { recvMessages } from '../lab/recv.ts';
import { hex, shown, utf8 } from '../lab/text.ts';

/** How many of the connections gave every message back, whole and in order. */
interface Tally {
  readonly tried: number;
  readonly intact: number;
}

/** What lesson 13 measures. */
export interface Facts {
  readonly message: string;
  readonly messageBytes: number;
  /** The message as it goes out: the length in four bytes, then the message. */
  readonly frame: string;
  /** One frame, read 1 byte at a time, 2 at a time, … up to all of it. */
  readonly readSizes: Tally;
  /** Several frames in one write. `reads` has the size of each read. */
  readonly glued: {
    readonly sent: number;
    readonly messages: readonly string[];
    readonly reads: readonly number[];
    readonly arrival: Arrival;
  };
  /** The same bytes cut in two at each byte. `seen` counts the connections whose reads were exactly the two pieces. */
  readonly cuts: Tally & { readonly seen: number };
  /** The same bytes one by one. */
  readonly drip: { readonly reads: number; readonly isIntact: boolean };
}

const MESSAGE = '哈哈哈哈哈';
const CODEC = lengthPrefixed({ length: i32le });
const FRAME: Bytes = CODEC.encode(utf8(MESSAGE));
const READ_BYTES = 1024;

const experiment: Experiment<Facts> = defineExperiment({
  id: 'frames-survive',
  lesson: 13,
  title: 'The fix: the length goes first',
  question: 'Does a length prefix give every message back, however the bytes are cut or glued?',
  params: { messages: { default: 3, min: 2, max: 20, unit: 'count', help: 'Messages glued together' } },

  async run(lab, { messages }) {
    const wire = glue(messages);
    const facts = { message: MESSAGE, messageBytes: utf8(MESSAGE).length, frame: hex(FRAME) };
    const readSizes = await tryReadSizes(lab);
    const glued = await readGlued(lab, wire, messages);
    return { ...facts, readSizes, glued, cuts: await tryCuts(lab, wire, messages), drip: await readDrip(lab, wire, messages) };
  },

  verdict({ message, readSizes, glued, cuts, drip }) {
    const isGluedIntact = glued.messages.length === glued.sent && glued.messages.every((text) => text === message);
    // A cut that the receiver did not see proves nothing.
    const areCutsProven = isComplete(cuts) && cuts.seen === cuts.tried;
    return isGluedIntact && isComplete(readSizes) && areCutsProven && drip.isIntact ? 'yes' : 'no';
  },
  expected: () => 'yes',
  rows: ({ message, messageBytes, frame, readSizes, glued, cuts, drip }) => [
    { label: 'message', value: `'${message}', ${messageBytes} bytes` },
    { label: 'frame', value: frame },
    { label: 'one frame', value: `whole at ${readSizes.intact} of ${readSizes.tried} read sizes, 1 byte at a time to all at once` },
    { label: 'glued', value: `${glued.sent} in one write, read as ${glued.reads.join(', ')} bytes: ${glued.messages.length} messages` },
    { label: 'first read', value: describeArrival(glued.arrival) },
    { label: 'cut in two', value: `all messages whole at ${cuts.intact} of ${cuts.tried} cuts; ${cuts.seen} were read as cut` },
    { label: 'byte by byte', value: `${drip.reads} reads, ${drip.isIntact ? 'all messages whole' : 'messages lost'}` },
  ],
});

function glue(messages: number): Bytes {
  const writer = createFrameWriter();
  for (let index = 0; index < messages; index++) CODEC.encodeInto(writer, utf8(MESSAGE));
  return writer.take();
}

async function tryReadSizes(lab: Lab): Promise<Tally> {
  let intact = 0;
  for (let readBytes = 1; readBytes <= FRAME.length; readBytes++) {
    const { sender, receiver } = await lab.tcpPair(recvMessages(CODEC, readBytes));
    sender.send(FRAME);
    sender.end();
    receiver.start();
    if (areIntact(await receiver.result(), 1)) intact++;
  }
  return { tried: FRAME.length, intact };
}

async function readGlued(lab: Lab, wire: Bytes, sent: number): Promise<Facts['glued']> {
  const { sender, receiver, arrived } = await lab.tcpPair(recvMessages(CODEC, READ_BYTES));
  sender.send(wire);
  const arrival = await arrived(wire.length);
  sender.end();
  receiver.start();
  const messages = await receiver.result();
  const reads = receiver.reads.map(({ length }) => length).filter((length) => length > 0);
  return { sent, messages: messages.map(shown), reads, arrival };
}

async function tryCuts(lab: Lab, wire: Bytes, messages: number): Promise<Facts['cuts']> {
  let intact = 0;
  let seen = 0;
  for (let cut = 1; cut < wire.length; cut++) {
    const { reads, isIntact } = await readPieces(lab, [wire.subarray(0, cut), wire.subarray(cut)], messages);
    if (isIntact) intact++;
    if (reads.length === 2 && reads[0]?.length === cut) seen++;
  }
  return { tried: wire.length - 1, intact, seen };
}

async function readDrip(lab: Lab, wire: Bytes, messages: number): Promise<Facts['drip']> {
  const pieces = Array.from(wire, (_, at) => wire.subarray(at, at + 1));
  const { reads, isIntact } = await readPieces(lab, pieces, messages);
  return { reads: reads.length, isIntact };
}

async function readPieces(
  lab: Lab,
  pieces: readonly Bytes[],
  messages: number,
): Promise<{ readonly reads: readonly Bytes[]; readonly isIntact: boolean }> {
  const { sender, receiver, deliver } = await lab.tcpPair(recvMessages(CODEC, READ_BYTES));
  await deliver(pieces);
  sender.end();
  const isIntact = areIntact(await receiver.result(), messages);
  return { reads: receiver.reads.filter(({ length }) => length > 0), isIntact };
}

function areIntact(messages: readonly Bytes[], count: number): boolean {
  return messages.length === count && messages.every((message) => shown(message) === MESSAGE);
}

function isComplete({ tried, intact }: Tally): boolean {
  return intact === tried;
}

export default experiment;
