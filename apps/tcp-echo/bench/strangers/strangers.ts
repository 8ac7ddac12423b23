// Many connections at once, none of which may ever see a byte of another: each compares every byte with what it sent.
import { setImmediate as turn } from 'node:timers/promises';
import { resetSocket } from '@socklab/service';
import { Bystander } from './bystander.ts';
import { isAllowed } from './judge.ts';
import { ENDINGS, MAX_FRAME_BYTES, THROWS_BYTES, THROWS_HALFWAY_BYTES, between, pick, randomFrom, wiresOf } from './wires.ts';
import type { BystanderReport } from './bystander.ts';
import type { Begun, ClosedLine, ServerLog } from './server-log.ts';
import type { Ending, Random, Wires } from './wires.ts';
import type { FramingEntry } from '@socklab/framing';
import type { Socket } from 'node:net';

/** Options of {@link runStrangers}. */
export interface StrangersOptions {
  readonly framing: FramingEntry;
  /** Opens a connection to the server, in one of the supported ways. */
  readonly connect: (nth: number) => Begun;
  /** The log that must give a reason for each connection that got less than it was due. */
  readonly log: ServerLog;
  /** The same seed gives the same bytes, cuts and faults. */
  readonly seed: number;
  /** Number of connections. */
  readonly connections: number;
  /** Starts no connection after this time, in milliseconds of `performance.now()`. */
  readonly untilMs?: number;
}

/** The result, when nothing was wrong. */
export interface StrangersReport {
  readonly endings: Readonly<Record<Ending, number>>;
  /** Bytes that were received and compared. */
  readonly comparedBytes: number;
  /** Connections that got less than they were due, by the server's reason. */
  readonly cut: Readonly<Record<string, number>>;
  /** The client that behaves. */
  readonly bystander: BystanderReport;
}

/** Connections open at the same time. */
const AT_ONCE = 16;
const LONGEST_MS = 30_000;
/** More than the system buffers for a client that does not read. */
const MUCH_BYTES = 8 * 1024 * 1024;
const USUAL_BYTES = 500_000;

/**
 * @throws Error for the first byte that is wrong or another connection's, for a byte that is missing without a limit in the
 * server's log, for a connection that makes the codec throw without the log saying so, and for one that does not end.
 */
export async function runStrangers({
  framing,
  connect,
  log,
  seed,
  connections,
  untilMs = Infinity,
}: StrangersOptions): Promise<StrangersReport> {
  const endings = Object.fromEntries(ENDINGS.map((ending) => [ending, 0])) as Record<Ending, number>;
  const wires = wiresOf(framing);
  const cut: Record<string, number> = {};
  const count = (reason: string): void => void (cut[reason] = (cut[reason] ?? 0) + 1);
  const behaving = new Bystander(() => connect(0), wires, { random: randomFrom(seed), log, wasCut: count });
  let begun = 0;
  let comparedBytes = 0;
  const oneAfterTheOther = async (): Promise<void> => {
    while (begun < connections && performance.now() < untilMs) {
      const nth = ++begun;
      const script = scriptOf(nth, wires, randomFrom(seed + nth * 7919));
      const name = `${framing.name} seed ${seed} connection ${nth} ${script.ending}`;
      const { receivedBytes, reason } = await new Stranger(connect(nth), script, { name, log }).run();
      comparedBytes += receivedBytes;
      if (reason !== undefined) count(reason);
      endings[script.ending]++;
    }
  };
  const rounds = behaving.run();
  try {
    await Promise.race([Promise.all(Array.from({ length: AT_ONCE }, oneAfterTheOther)), rounds]);
  } finally {
    behaving.stop();
  }
  return { endings, comparedBytes, cut, bystander: await rounds };
}

/** The script of one connection. */
interface Script {
  readonly ending: Ending;
  /** What is sent, and must be answered up to `wholeBytes`. */
  readonly wire: Buffer;
  /** Length of the frames that must be answered, if the connection lives that long. */
  readonly wholeBytes: number;
  /** Where it is cut in any case. */
  readonly cut: number;
  /** Starts to read only after much was sent. */
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

/** Frames of at least this many bytes, and not many more. */
function framesOf(owner: number, wires: Wires, random: Random, byteLength: number): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let made = 0;
  for (; made < byteLength && frames.length < 100; made += frames.at(-1)!.length) frames.push(wires.frame(random, owner));
  // Then repeated: making them must not be most of the work.
  if (made >= byteLength) return frames;
  const block = Buffer.concat(frames);
  return Array.from({ length: Math.ceil(byteLength / made) }, () => block);
}

/** What follows the answered frames. */
function faultOf(ending: Ending, owner: number, wires: Wires, random: Random): Uint8Array {
  const frame = (byteLength?: number): Uint8Array => wires.frame(random, owner, byteLength);
  if (ending === 'too-large') return frame(MAX_FRAME_BYTES + 1);
  if (ending === 'throws') return Buffer.concat([frame(THROWS_BYTES), frame()]);
  if (ending === 'throws-halfway') return frame(THROWS_HALFWAY_BYTES);
  if (ending !== 'stalls') return new Uint8Array(0);
  const whole = frame();
  return whole.subarray(0, Math.ceil(whole.length / 2));
}

/** The result of a connection. */
interface Outcome {
  /** Bytes compared. */
  readonly receivedBytes: number;
  /** Why it got less than it was due, if it did. */
  readonly reason: string | undefined;
}

class Stranger {
  readonly #socket: Socket;
  readonly #script: Script;
  readonly #name: string;
  readonly #over = Promise.withResolvers<string | undefined>();
  readonly #closedLine: () => Promise<ClosedLine>;
  #receivedBytes = 0;
  #hasEnded = false;

  constructor(begun: Begun, script: Script, { name, log }: { readonly name: string; readonly log: ServerLog }) {
    this.#socket = begun.socket;
    this.#script = script;
    this.#name = name;
    this.#closedLine = log.lineOf(begun);
  }

  async run(): Promise<Outcome> {
    const socket = this.#socket;
    const { ending, isLate } = this.#script;
    const deadline = setTimeout(() => this.#fail('is not over'), LONGEST_MS);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk)).on('end', () => this.#onEnd());
    socket.on('error', () => undefined).on('close', () => void this.#judge().then(this.#over.resolve, this.#over.reject));
    if (isLate || ending === 'reads-nothing') socket.pause();
    try {
      const [reason] = await Promise.all([this.#over.promise, this.#send()]);
      return { receivedBytes: this.#receivedBytes, reason };
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
      // Often the next piece is written in the same turn, so that the kernel joins them.
      for (let turns = at === cut ? 5 : Math.floor(random() * 4); turns > 0; turns--) await turn();
      if (random() < 0.1) await this.#pause();
    }
    if (isLate) for (let turns = 0; turns < 50; turns++) await turn();
    // A client that does not read does not notice that it was disconnected.
    socket.resume();
    if (ending === 'resets') resetSocket(socket);
    else if (ending === 'finishes' || ending === 'reads-nothing' || ending === 'throws-halfway') socket.end();
  }

  /** A client that reads goes on writing; one that does not waits until the system has it, or the connection is closed. */
  async #write(piece: Uint8Array): Promise<void> {
    const isTaken = new Promise<void>((resolve) => this.#socket.write(piece, () => resolve()));
    if (this.#script.ending === 'reads-nothing') await isTaken;
  }

  /** Stops reading for a while. */
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
    // A frame that came in one read is sent back without being encoded.
    const mostBytes = ending === 'throws-halfway' ? wire.length : wholeBytes;
    if (this.#receivedBytes > mostBytes) this.#fail(`got ${this.#receivedBytes} bytes, whole were ${mostBytes}`);
    else if (!chunk.equals(wire.subarray(at, this.#receivedBytes))) this.#fail(`got other bytes than it sent, from byte ${at} on`);
  }

  #onEnd(): void {
    this.#hasEnded = true;
    this.#socket.end();
  }

  /** @returns why it got less than it was due, if it did. @throws Error when that is not for a limit in the server's log. */
  async #judge(): Promise<string | undefined> {
    const { ending, wholeBytes } = this.#script;
    const isAnswered = this.#receivedBytes >= wholeBytes && this.#hasEnded;
    // A client that resets gave up what it had not received yet. One that makes the codec throw was answered before: the log must say so.
    if (ending === 'resets' || (isAnswered && ending !== 'throws')) return undefined;
    const line = await this.#closedLine();
    if (isAllowed(line, ending)) return isAnswered ? undefined : line.reason;
    const got = `got ${this.#receivedBytes} of ${wholeBytes} bytes${this.#hasEnded ? '' : ', and no end'}`;
    throw new Error(`${this.#name} ${got}, and the server says only ${JSON.stringify(line)}`);
  }

  #fail(what: string): void {
    this.#over.reject(new Error(`${this.#name} ${what}`));
    this.#socket.destroy();
  }
}
