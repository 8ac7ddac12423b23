// Many connections at once, none of which may ever see a byte of another: every byte of every one is compared with what it sent.
import { setImmediate as turn } from 'node:timers/promises';
import { resetSocket } from '@socklab/client';
import { codecByName } from '@socklab/framing';
import type { ByteCodec, FramingEntry } from '@socklab/framing';
import type { Socket } from 'node:net';

/** Longest payload that the server takes. */
export const MAX_FRAME_BYTES = 204_800;
/** A payload that the server's codec throws for when it has found it. */
export const THROWS_BYTES = 213;
/** A payload that the server's codec throws for when it is half encoded, which happens to frames that come in several reads. */
export const THROWS_HALFWAY_BYTES = 214;

/** How a connection ends. */
export const ENDINGS = ['finishes', 'resets', 'too-large', 'throws', 'throws-halfway', 'stalls', 'reads-nothing'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Options of {@link runStrangers}. */
export interface StrangersOptions {
  readonly framing: FramingEntry;
  /** Opens a connection to the server, in one of the ways it takes them. */
  readonly connect: (nth: number) => Socket;
  /** The same seed, the same bytes, cuts and faults. */
  readonly seed: number;
  /** Connections in all. */
  readonly connections: number;
  /** Begins no other connection from then on, as `performance.now()` counts. */
  readonly untilMs?: number;
}

/** What came of it, when nothing was wrong. */
export interface StrangersReport {
  readonly endings: Readonly<Record<Ending, number>>;
  /** Bytes that came back and were compared. */
  readonly comparedBytes: number;
  /** Answers to the one who behaves all the time. */
  readonly bystanderRounds: number;
}

/** Connections at the same time. */
const AT_ONCE = 16;
const LONGEST_MS = 30_000;
/** So much is more than the system holds for who does not read. */
const MUCH_BYTES = 8 * 1024 * 1024;
const USUAL_BYTES = 500_000;

/** @throws Error for the first byte that is wrong, missing or somebody else's, and for a connection that does not end. */
export async function runStrangers({
  framing,
  connect,
  seed,
  connections,
  untilMs = Infinity,
}: StrangersOptions): Promise<StrangersReport> {
  const endings = Object.fromEntries(ENDINGS.map((ending) => [ending, 0])) as Record<Ending, number>;
  const wires = wiresOf(framing);
  const bystander = new Bystander(connect(0), wires, randomFrom(seed));
  let begun = 0;
  let comparedBytes = 0;
  const oneAfterTheOther = async (): Promise<void> => {
    while (begun < connections && performance.now() < untilMs) {
      const nth = ++begun;
      const script = scriptOf(nth, wires, randomFrom(seed + nth * 7919));
      const name = `${framing.name} seed ${seed} connection ${nth} ${script.ending}`;
      const receivedBytes = await new Stranger(connect(nth), script, name).run();
      comparedBytes += receivedBytes;
      endings[script.ending]++;
    }
  };
  const rounds = bystander.run();
  try {
    await Promise.race([Promise.all(Array.from({ length: AT_ONCE }, oneAfterTheOther)), rounds]);
  } finally {
    bystander.stop();
  }
  return { endings, comparedBytes, bystanderRounds: await rounds };
}

/** Numbers in [0, 1) from a seed: mulberry32, public domain. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

/** From `min` to `max`, short ones as often as long ones. */
const between = (random: Random, min: number, max: number): number => Math.round(min * (max / min) ** random());

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;

/** Makes frames of one framing. */
interface Wires {
  readonly endings: readonly Ending[];
  /** Longest payload. */
  readonly maxBytes: number;
  frame(random: Random, owner: number, payloadBytes?: number): Uint8Array;
}

function wiresOf({ name, keepsBoundaries, exampleFrames, maxPayloadBytes }: FramingEntry): Wires {
  // One that takes more than the server: for the frame that is too large.
  const codec: ByteCodec = codecByName(name, { maxPayloadBytes: MAX_FRAME_BYTES + 1 });
  const maxBytes = Math.min(MAX_FRAME_BYTES, maxPayloadBytes);
  const without = (...unfit: readonly Ending[]): readonly Ending[] => ENDINGS.filter((ending) => !unfit.includes(ending));
  if (!keepsBoundaries) {
    const frame: Wires['frame'] = (random, owner, byteLength = between(random, 1, maxBytes)) => payloadOf(name, random, owner, byteLength);
    return { maxBytes, frame, endings: without('too-large', 'throws', 'throws-halfway', 'stalls') };
  }
  if (exampleFrames !== undefined) {
    const frame = (random: Random): Uint8Array => codec.encode(pick(random, exampleFrames));
    return { maxBytes, frame, endings: without('too-large', 'throws', 'throws-halfway') };
  }
  return {
    maxBytes,
    endings: maxPayloadBytes > MAX_FRAME_BYTES ? ENDINGS : without('too-large'),
    frame(random, owner, byteLength) {
      const drawn = between(random, 1, maxBytes);
      const usual = drawn === THROWS_BYTES || drawn === THROWS_HALFWAY_BYTES ? 215 : drawn;
      return codec.encode(payloadOf(name, random, owner, byteLength ?? usual));
    },
  };
}

/** Bytes that no other connection sends in the same place. */
function payloadOf(framing: string, random: Random, owner: number, byteLength: number): Uint8Array {
  const payload = Buffer.allocUnsafe(byteLength);
  let state = (Math.imul(owner + 1, 0x9e3779b1) ^ Math.floor(random() * 2 ** 32)) >>> 0;
  for (let at = 0; at < byteLength; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    payload[at] = state >>> 16;
  }
  // A line has neither an LF in it nor a CR at its end.
  if (framing === 'line') for (let at = 0; at < byteLength; at++) payload[at] = 0x30 + (payload[at]! & 0x3f);
  return payload;
}

/** What one connection does. */
interface Script {
  readonly ending: Ending;
  /** What is sent, and comes back up to `wholeBytes`. */
  readonly wire: Buffer;
  /** Length of the frames that must be answered, if the connection lives so long. */
  readonly wholeBytes: number;
  /** Where it is cut in any case. */
  readonly cut: number;
  /** Begins to read only when much has been sent. */
  readonly isLate: boolean;
  readonly random: Random;
}

function scriptOf(owner: number, wires: Wires, random: Random): Script {
  const ending = random() < 0.4 ? 'finishes' : pick(random, wires.endings);
  const isLate = random() < 0.2;
  const mostBytes = isLate ? 4 * USUAL_BYTES : USUAL_BYTES;
  const frames = framesOf(owner, wires, random, ending === 'reads-nothing' ? MUCH_BYTES : between(random, 20_000, mostBytes));
  const wholeBytes = frames.reduce((sum, { length }) => sum + length, 0);
  const fault = faultOf(ending, owner, wires, random);
  const cut = wholeBytes + Math.floor(fault.length / 2);
  return { ending, wire: Buffer.concat([...frames, fault]), wholeBytes, cut, isLate, random };
}

/** Frames of so many bytes, or a little more. */
function framesOf(owner: number, wires: Wires, random: Random, byteLength: number): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let made = 0;
  for (; made < byteLength && frames.length < 100; made += frames.at(-1)!.length) frames.push(wires.frame(random, owner));
  // Then the same again: making them must not be most of the work.
  if (made >= byteLength) return frames;
  const block = Buffer.concat(frames);
  return Array.from({ length: Math.ceil(byteLength / made) }, () => block);
}

/** What comes behind the frames that are answered. */
function faultOf(ending: Ending, owner: number, wires: Wires, random: Random): Uint8Array {
  const frame = (byteLength?: number): Uint8Array => wires.frame(random, owner, byteLength);
  if (ending === 'too-large') return frame(MAX_FRAME_BYTES + 1);
  if (ending === 'throws') return Buffer.concat([frame(THROWS_BYTES), frame()]);
  if (ending === 'throws-halfway') return frame(THROWS_HALFWAY_BYTES);
  if (ending !== 'stalls') return new Uint8Array(0);
  const whole = frame();
  return whole.subarray(0, Math.ceil(whole.length / 2));
}

class Stranger {
  readonly #socket: Socket;
  readonly #script: Script;
  readonly #name: string;
  readonly #over = Promise.withResolvers<void>();
  #receivedBytes = 0;
  #hasEnded = false;

  constructor(socket: Socket, script: Script, name: string) {
    this.#socket = socket;
    this.#script = script;
    this.#name = name;
  }

  /** @returns the bytes that were compared. */
  async run(): Promise<number> {
    const socket = this.#socket;
    const { ending, isLate } = this.#script;
    const deadline = setTimeout(() => this.#fail('is not over'), LONGEST_MS);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk)).on('end', () => this.#onEnd());
    socket.on('error', () => undefined).on('close', () => this.#onClose());
    if (isLate || ending === 'reads-nothing') socket.pause();
    try {
      await Promise.all([this.#over.promise, this.#send()]);
      return this.#receivedBytes;
    } finally {
      clearTimeout(deadline);
      socket.destroy();
    }
  }

  async #send(): Promise<void> {
    const socket = this.#socket;
    const { wire, cut, ending, isLate, random } = this.#script;
    const lastByte = ending === 'resets' ? Math.floor(random() * wire.length) : wire.length;
    for (let at = 0; at < lastByte && !socket.destroyed;) {
      const next = Math.min(lastByte, at + between(random, 1, 131_072));
      const end = at < cut && next > cut ? cut : next;
      await this.#write(wire.subarray(at, end));
      at = end;
      // Often the next piece leaves in the same turn, so that the kernel joins them.
      for (let turns = at === cut ? 5 : Math.floor(random() * 4); turns > 0; turns--) await turn();
      if (random() < 0.1) await this.#pause();
    }
    if (isLate) for (let turns = 0; turns < 50; turns++) await turn();
    // Who does not read does not see either that it was cut.
    socket.resume();
    if (ending === 'resets') resetSocket(socket);
    else if (ending === 'finishes' || ending === 'reads-nothing' || ending === 'throws-halfway') socket.end();
  }

  /** Who reads writes on; who does not waits until the system has it, or the connection is cut. */
  async #write(piece: Uint8Array): Promise<void> {
    const isTaken = new Promise<void>((resolve) => this.#socket.write(piece, () => resolve()));
    if (this.#script.ending === 'reads-nothing') await isTaken;
  }

  /** Does not read for a while. */
  async #pause(): Promise<void> {
    const { isLate, ending, random } = this.#script;
    if (isLate || ending === 'reads-nothing') return;
    this.#socket.pause();
    for (let turns = Math.floor(random() * 50); turns > 0; turns--) await turn();
    this.#socket.resume();
  }

  #receive(chunk: Buffer): void {
    const { wire, wholeBytes, ending } = this.#script;
    const at = this.#receivedBytes;
    this.#receivedBytes += chunk.length;
    // A frame that came in one read goes back without being encoded.
    const mostBytes = ending === 'throws-halfway' ? wire.length : wholeBytes;
    if (this.#receivedBytes > mostBytes) this.#fail(`got ${this.#receivedBytes} bytes, whole were ${mostBytes}`);
    else if (!chunk.equals(wire.subarray(at, this.#receivedBytes))) this.#fail(`got other bytes than it sent, from byte ${at} on`);
  }

  #onEnd(): void {
    this.#hasEnded = true;
    this.#socket.end();
  }

  #onClose(): void {
    const { ending, wholeBytes } = this.#script;
    const isAnswered = this.#receivedBytes === wholeBytes && this.#hasEnded;
    if ((ending === 'finishes' || ending === 'too-large') && !isAnswered) {
      this.#fail(`got ${this.#receivedBytes} of ${wholeBytes} bytes${this.#hasEnded ? '' : ', and no end'}`);
    } else this.#over.resolve();
  }

  #fail(what: string): void {
    this.#over.reject(new Error(`${this.#name} ${what}`));
    this.#socket.destroy();
  }
}

/** Sends a frame, in one write or in two, waits for its answer, and so on, whatever the others do. */
class Bystander {
  readonly #socket: Socket;
  readonly #wires: Wires;
  readonly #random: Random;
  #isStopped = false;

  constructor(socket: Socket, wires: Wires, random: Random) {
    this.#socket = socket;
    this.#wires = wires;
    this.#random = random;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async run(): Promise<number> {
    const socket = this.#socket;
    const random = this.#random;
    const { promise: isGone, reject } = Promise.withResolvers<never>();
    isGone.catch(() => undefined);
    socket.on('error', reject).on('close', () => reject(new Error('the bystander was closed')));
    try {
      let rounds = 0;
      for (; !this.#isStopped; rounds++) {
        const frame = Buffer.from(this.#wires.frame(random, 0, Math.min(this.#wires.maxBytes, pick(random, [1, 2, 500, 70_000]))));
        const answered = answerOf(socket, frame);
        socket.write(frame.subarray(0, 1));
        if (random() < 0.5) await turn();
        socket.write(frame.subarray(1));
        await Promise.race([answered, isGone]);
      }
      return rounds;
    } finally {
      socket.destroy();
    }
  }
}

function answerOf(socket: Socket, frame: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let receivedBytes = 0;
    const onChunk = (chunk: Buffer): void => {
      const at = receivedBytes;
      receivedBytes += chunk.length;
      const isOwn = receivedBytes <= frame.length && chunk.equals(frame.subarray(at, receivedBytes));
      if (isOwn && receivedBytes < frame.length) return;
      socket.off('data', onChunk);
      if (isOwn) resolve();
      else reject(new Error(`the bystander got bytes that are not its own, from byte ${at} of ${frame.length} on`));
    };
    socket.on('data', onChunk);
  });
}
