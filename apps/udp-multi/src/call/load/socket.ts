import { isRefusal, recordLatency } from '@socklab/client';
import { createLostNumbers } from './lost-numbers.ts';
import type { LostNumbers } from './lost-numbers.ts';
import type { Answer, ProbeFormat } from './probe-format.ts';
import type { LoadTally } from './tally.ts';
import type { Pace } from '@socklab/client';
import type { Socket } from 'node:dgram';

/** What the sockets of a load share. */
export interface LoadContext {
  readonly format: ProbeFormat;
  /** Most datagrams in flight on one socket. */
  readonly window: number;
  readonly timeoutMs: number;
  /** Numbers of lost datagrams that one socket remembers. */
  readonly lostNumbers: number;
  readonly tally: LoadTally;
  /** How long this process stood still so far, in milliseconds: that makes no answer late. */
  readonly stoodMs: () => number;
  /** Called when an answer gave a socket room: a closed loop fills it. */
  onAnswered(socket: LoadSocket, nowMs: number): void;
  /** Called when the system reports that nothing listens there. */
  onRefused(error: Error): void;
}

/** One socket of a load: sends as its pace allows, and counts the answers. */
export interface LoadSocket {
  /** Datagrams sent and neither answered nor lost. */
  readonly inFlight: number;
  /** Sends as many datagrams as there is room for, at most `most`; returns how many. */
  fill(nowMs: number, most?: number): number;
  /** Gives up what has been awaited for too long; returns how many datagrams. */
  sweep(nowMs: number): number;
  close(): Promise<void>;
}

/** Makes socket `number`, from 1, of a load, on a connected socket. */
export function createLoadSocket(number: number, socket: Socket, pace: Pace, context: LoadContext): LoadSocket {
  return new CountingSocket(number, socket, pace, context);
}

interface InFlight {
  readonly dueMs: number;
  readonly sentMs: number;
  /** How long this process had stood still by then. */
  readonly stoodMs: number;
}

const microseconds = (timeMs: number): number => Math.trunc(timeMs * 1000);

class CountingSocket implements LoadSocket {
  readonly #number: number;
  readonly #socket: Socket;
  readonly #pace: Pace;
  readonly #context: LoadContext;
  /** By number, in sending order: the first one is the oldest. */
  readonly #inFlight = new Map<number, InFlight>();
  readonly #lost: LostNumbers;
  #next = 0;
  /** The highest answered number. */
  #newest = -1;

  constructor(number: number, socket: Socket, pace: Pace, context: LoadContext) {
    this.#number = number;
    this.#socket = socket;
    this.#pace = pace;
    this.#context = context;
    this.#lost = createLostNumbers(context.lostNumbers);
    socket.on('message', (payload) => this.#receive(payload));
    socket.on('error', (error) => this.#onError(error));
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  fill(nowMs: number, most: number = this.#context.window): number {
    const room = Math.min(most, this.#context.window - this.#inFlight.size);
    if (room <= 0) return 0;
    const count = this.#pace.claim(room, nowMs);
    const { firstDueMs, stepMs } = this.#pace;
    for (let index = 0; index < count; index += 1) this.#send(firstDueMs + index * stepMs);
    return count;
  }

  sweep(nowMs: number): number {
    const { tally } = this.#context;
    let lost = 0;
    for (const [sequence, awaited] of this.#inFlight) {
      if (!this.#isLate(awaited, nowMs)) break;
      this.#inFlight.delete(sequence);
      this.#lost.add(sequence);
      lost += 1;
    }
    tally.lost += lost;
    return lost;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(resolve));
  }

  #isLate({ sentMs, stoodMs }: InFlight, nowMs: number): boolean {
    const { timeoutMs, stoodMs: stoodUntilNow } = this.#context;
    return nowMs - sentMs - (stoodUntilNow() - stoodMs) >= timeoutMs;
  }

  #send(dueMs: number): void {
    const { format, tally } = this.#context;
    const sequence = this.#next;
    const sentMs = performance.now();
    const datagram = format.make(this.#number, sequence, microseconds(sentMs));
    this.#next += 1;
    this.#inFlight.set(sequence, { dueMs, sentMs, stoodMs: this.#context.stoodMs() });
    tally.sent += 1;
    tally.sentBytes += datagram.length;
    this.#socket.send(datagram, (error) => {
      if (error !== null) this.#onSendError(error, sequence, datagram.length);
    });
  }

  /** Its room is filled at the next timer tick: a system that takes nothing must not be asked in a busy loop. */
  #onSendError(error: Error, sequence: number, byteLength: number): void {
    const { tally } = this.#context;
    if (this.#inFlight.delete(sequence)) {
      tally.sent -= 1;
      tally.sentBytes -= byteLength;
      tally.notSent += 1;
      if (!isRefusal(error)) tally.firstSendError ??= error.message;
    }
    this.#onError(error);
  }

  #onError(error: Error): void {
    if (!isRefusal(error)) return;
    this.#context.tally.refusals += 1;
    this.#context.onRefused(error);
  }

  #receive(payload: Buffer): void {
    const { format, tally } = this.#context;
    const nowMs = performance.now();
    const answer = this.#answer(payload);
    const sequence = format.read(answer);
    if (sequence < 0) {
      tally.corrupt += 1;
      tally.firstFault ??= { socket: this.#number, ...format.explain(answer) };
      return;
    }
    const awaited = this.#inFlight.get(sequence);
    // Late is late, even if no timer tick came between.
    if (awaited !== undefined && this.#isLate(awaited, nowMs)) this.sweep(nowMs);
    else if (awaited !== undefined) {
      this.#inFlight.delete(sequence);
      this.#count(sequence, payload.length, nowMs, awaited);
      return;
    }
    this.#countUnawaited(sequence);
  }

  #answer(payload: Buffer): Answer {
    const sentUs = (sequence: number): number | undefined => {
      const awaited = this.#inFlight.get(sequence);
      return awaited === undefined ? undefined : microseconds(awaited.sentMs);
    };
    return { payload, socket: this.#number, last: this.#next - 1, sentUs };
  }

  #count(sequence: number, byteLength: number, nowMs: number, { dueMs }: InFlight): void {
    const { tally } = this.#context;
    tally.answered += 1;
    tally.answeredBytes += byteLength;
    tally.lastAnswerMs = nowMs;
    recordLatency(tally.roundTrip, nowMs - dueMs);
    // Source: RFC 4737, 3.3: reordered is what comes after one with a higher number.
    if (sequence < this.#newest) tally.reordered += 1;
    else this.#newest = sequence;
    this.#context.onAnswered(this, nowMs);
  }

  #countUnawaited(sequence: number): void {
    const { tally } = this.#context;
    if (sequence < this.#lost.forgottenBelow) tally.unknown += 1;
    else if (this.#lost.find(sequence)) tally.late += 1;
    else tally.duplicates += 1;
  }
}
