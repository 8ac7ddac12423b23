import { closeSocket, recordLatency } from '@socklab/client';
import { createFrameVerifier } from '../verify/frames.ts';
import { createStreamVerifier } from '../verify/stream.ts';
import type { Fault, FaultKind } from '../verify/fault.ts';
import type { MessageCycle } from '../verify/message-cycle.ts';
import type { Verifier } from '../verify/verifier.ts';
import type { Pace } from '@socklab/client';
import type { ByteCodec } from '@socklab/framing';
import type { Socket } from 'node:net';
import type { RecordableHistogram } from 'node:perf_hooks';

/** What the connections of a load share. */
export interface LoadContext {
  readonly cycle: MessageCycle;
  /** How messages are separated; `undefined` without a framing. */
  readonly codec: ByteCodec | undefined;
  /** Most messages in flight on one connection. */
  readonly depth: number;
  /** Where each message's latency goes, in nanoseconds. */
  readonly latency: RecordableHistogram;
  readonly seed: number;
  /** Called when messages were answered and, where allowed, others sent. */
  onAnswered(count: number, now: number): void;
  /** Called once when the connection is no longer usable, unless it was ended here. */
  onFault(connection: LoadConnection, fault: Fault): void;
}

/** One connection of a load: keeps its window of messages full as its pace allows, and verifies the answers. */
export interface LoadConnection {
  /** From 1. */
  readonly number: number;
  /** Messages sent and not answered. */
  readonly inFlight: number;
  /** Payload bytes of the messages answered. */
  readonly answeredBytes: number;
  /** When the wait for an answer began, later by what this process stood still since; meaningless when nothing is in flight. */
  waitingSinceMs: number;
  /** The fault that ended it. */
  readonly fault: Fault | undefined;
  /** What is awaited, as text to append to why it will not arrive: empty when nothing is. */
  missing(): string;
  /** Starts using an open socket. */
  start(socket: Socket, pace: Pace): void;
  /** Sends as many messages as its window has room for, at most `most`, in one write; returns how many. */
  fill(now: number, most?: number): number;
  /** Takes what was read: `chunk[0, byteLength)`, whose memory may change after the call. */
  receive(byteLength: number, chunk: Buffer): void;
  /** Ends the connection for a fault. */
  fail(kind: FaultKind, text: string): void;
  /** Ends our side; resolves when the server has ended its side, or takes too long. */
  end(): Promise<void>;
  destroy(): void;
}

/** Makes connection `number`, from 1, of a load. */
export function createLoadConnection(number: number, context: LoadContext): LoadConnection {
  return new Connection(number, context);
}

/** Spreads the connections over the cycle, so that an answer meant for another one is noticed. */
const SPREAD = 0x9e3779b1;

class Connection implements LoadConnection {
  readonly number: number;
  readonly #context: LoadContext;
  readonly #verifier: Verifier;
  /** When each message in flight was due, in order, from `#oldest` on, as a ring. */
  readonly #dueMs: Float64Array;
  #oldest = 0;
  #answered = 0;
  /** The next message to send, as an index of the cycle. */
  #next: number;
  #socket: Socket | undefined;
  #pace: Pace | undefined;
  #isOver = false;
  #isEnding = false;
  inFlight = 0;
  waitingSinceMs = 0;
  fault: Fault | undefined;

  constructor(number: number, context: LoadContext) {
    this.number = number;
    this.#context = context;
    this.#dueMs = new Float64Array(context.depth);
    this.#next = (Math.imul(number + context.seed, SPREAD) >>> 0) % context.cycle.count;
    const { cycle, codec } = context;
    this.#verifier = codec === undefined ? createStreamVerifier(cycle, this.#next) : createFrameVerifier(cycle, this.#next, codec);
  }

  get answeredBytes(): number {
    return this.#verifier.answeredBytes;
  }

  start(socket: Socket, pace: Pace): void {
    this.#socket = socket;
    // A server that speaks first is found wrong before the load begins.
    if (this.#isOver) return this.destroy();
    this.#pace = pace;
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error) => this.#onError(error));
    socket.on('close', () => this.#onEnd());
  }

  fill(now: number, most: number = this.#dueMs.length): number {
    const room = Math.min(most, this.#dueMs.length - this.inFlight);
    const pace = this.#pace;
    if (room <= 0 || this.#isOver || pace === undefined) return 0;
    const count = pace.claim(room, now);
    if (count === 0) return 0;
    this.#stamp(count, pace.firstDueMs, pace.stepMs);
    if (this.inFlight === 0) this.waitingSinceMs = now;
    this.inFlight += count;
    this.#write(count);
    return count;
  }

  receive(byteLength: number, chunk: Buffer): void {
    if (this.#isOver) return;
    const answered = this.#verifier.accept(chunk, byteLength, this.inFlight);
    if (answered > 0) this.#settle(answered);
    const { fault } = this.#verifier;
    if (fault !== undefined) this.#fail({ message: this.#answered + 1, ...fault });
  }

  fail(kind: FaultKind, text: string): void {
    this.#fail({ kind, text, message: this.#answered + 1 });
  }

  async end(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return;
    this.#isEnding = true;
    await closeSocket(socket);
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket?.destroy();
  }

  /** Records when the messages about to be sent were due. */
  #stamp(count: number, firstDueMs: number, stepMs: number): void {
    const stamps = this.#dueMs;
    let place = this.#oldest + this.inFlight;
    if (place >= stamps.length) place -= stamps.length;
    for (let index = 0; index < count; index += 1) {
      stamps[place] = firstDueMs + index * stepMs;
      place = place + 1 === stamps.length ? 0 : place + 1;
    }
  }

  /** Writes the next messages: one slice of the cycle, or two around its end. */
  #write(count: number): void {
    const { wire, wireBounds, count: cycleCount } = this.#context.cycle;
    const socket = this.#socket!;
    const start = wireBounds[this.#next]!;
    const last = this.#next + count;
    if (last < cycleCount) {
      socket.write(wire.subarray(start, wireBounds[last]));
      this.#next = last;
      return;
    }
    this.#next = last - cycleCount;
    socket.cork();
    socket.write(wire.subarray(start));
    if (this.#next > 0) socket.write(wire.subarray(0, wireBounds[this.#next]));
    socket.uncork();
  }

  #settle(answered: number): void {
    const now = performance.now();
    const { latency } = this.#context;
    const stamps = this.#dueMs;
    let place = this.#oldest;
    for (let index = 0; index < answered; index += 1) {
      recordLatency(latency, now - stamps[place]!);
      place = place + 1 === stamps.length ? 0 : place + 1;
    }
    this.#oldest = place;
    this.#answered += answered;
    this.inFlight -= answered;
    this.waitingSinceMs = now;
    // Answers that arrive together with a fault still count, but nothing is sent after it.
    if (this.#verifier.fault === undefined) this.fill(now);
    this.#context.onAnswered(answered, now);
  }

  #onEnd(): void {
    if (this.#isOver) return;
    if (!this.#isEnding) return this.fail('closed', `the server ended the connection${this.missing()}`);
    this.#verifier.end();
    const { fault } = this.#verifier;
    if (fault !== undefined) this.#fail({ message: this.#answered + 1, ...fault });
  }

  #onError(error: Error & { readonly code?: string }): void {
    // Everything was answered by then: how the server closes does not matter.
    if (this.#isEnding) return this.destroy();
    const isReset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
    this.fail(isReset ? 'reset' : 'socket-error', isReset ? `the server reset the connection${this.missing()}` : error.message);
  }

  missing(): string {
    if (this.inFlight === 0) return '';
    const { partialBytes } = this.#verifier;
    return `, ${this.inFlight} unanswered${partialBytes === 0 ? '' : `, ${partialBytes} bytes of the next answer came`}`;
  }

  #fail(fault: Fault): void {
    if (this.#isOver) return;
    this.fault = fault;
    this.destroy();
    this.#context.onFault(this, fault);
  }
}
