import { Lag } from './delay-line.ts';
import type { FlowSettings } from '../settings.ts';

/** Bytes that are read ahead while those before them are on their way. */
const MAX_QUEUED_BYTES = 65_536;
/** The same where time on the way is what was asked for. */
const MAX_DELAYED_BYTES = 1_048_576;

/** What a read brought, or the end. */
export interface Queued {
  readonly bytes: Buffer;
  readonly isEnd: boolean;
  /** It leaves no sooner. */
  readonly dueMs: number;
}

/** What has been read in one direction and waits to be passed on, in its order. */
export class Backlog {
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #latency: FlowSettings['latency'];
  #lag: Lag;

  constructor({ latency, seed }: FlowSettings) {
    this.#latency = latency;
    this.#lag = new Lag(latency, seed);
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Whether the source may be read further. */
  get hasRoom(): boolean {
    return this.#queuedBytes < (this.#latency.delayMs > 0 ? MAX_DELAYED_BYTES : MAX_QUEUED_BYTES);
  }

  /** Delays what comes from here on so. */
  configure({ latency, seed }: FlowSettings): void {
    this.#latency = latency;
    this.#lag = new Lag(latency, seed, this.#lag);
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
