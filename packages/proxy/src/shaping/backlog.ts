import { DelayLine } from './delay-line.ts';
import type { FlowSettings } from '../settings.ts';

/** Most bytes read ahead while earlier ones are being sent. */
const MAX_QUEUED_BYTES = 65_536;
/** The same with a latency configured, where bytes in transit are intended. */
const MAX_DELAYED_BYTES = 1_048_576;

/** One read, or the end of the stream. */
export interface Queued {
  readonly bytes: Buffer;
  readonly isEnd: boolean;
  /** Earliest time to send it. */
  readonly dueMs: number;
}

/** Reads of one direction that wait to be passed on, in order. */
export class Backlog {
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #latency: FlowSettings['latency'];
  #lag: DelayLine;

  constructor({ latency, seed }: FlowSettings) {
    this.#latency = latency;
    this.#lag = new DelayLine(latency, seed);
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Whether to go on reading from the source. */
  get hasRoom(): boolean {
    return this.#queuedBytes < (this.#latency.delayMs > 0 ? MAX_DELAYED_BYTES : MAX_QUEUED_BYTES);
  }

  /** Sets the delay of the bytes that arrive from now on. */
  configure({ latency, seed }: FlowSettings): void {
    this.#latency = latency;
    this.#lag = new DelayLine(latency, seed, this.#lag);
  }

  push(bytes: Buffer, isEnd: boolean): void {
    this.#queue.push({ bytes, isEnd, dueMs: this.#lag.dueMs(performance.now()) });
    this.#queuedBytes += bytes.length;
  }

  shift(): Queued | undefined {
    const next = this.#queue.shift();
    this.#queuedBytes -= next?.bytes.length ?? 0;
    return next;
  }

  clear(): void {
    this.#queue = [];
    this.#queuedBytes = 0;
  }
}
