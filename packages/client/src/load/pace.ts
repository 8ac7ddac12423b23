/** When the messages of a load are sent, by any of its connections. Times are in milliseconds of one monotonic clock. */
export interface Pace {
  /** Claims messages that may be sent now, at most `wanted`; returns how many. */
  claim(wanted: number, now: number): number;
  /** When the first message of the last claim was due. */
  readonly firstDueMs: number;
  /** Time between the due times of the messages of a claim. */
  readonly stepMs: number;
  /** Messages claimed so far. */
  readonly claimed: number;
  /** Messages that are due by `now` and were not sent. A load without a rate only owes those of `messages`. */
  owed(now: number): number;
  /** When the next message is due; `undefined` without a rate, and when there is none. */
  nextDueMs(): number | undefined;
  /** Whether no more messages will be claimed. */
  isOver(now: number): boolean;
  /** Stops: no more messages are claimed. */
  stop(): void;
}

/** How many messages a load sends, and how fast. */
export interface PaceOptions {
  readonly startMs: number;
  /** Total number of messages. @defaultValue unlimited */
  readonly messages?: number | undefined;
  /** How long messages are sent, in milliseconds. @defaultValue unlimited */
  readonly durationMs?: number | undefined;
  /** Messages per second, due at equal intervals whether earlier ones were answered or not; without it, as windows open. */
  readonly ratePerSecond?: number | undefined;
}

/** Tolerance for the last messages: the process may have been busy just when they were due. */
const GRACE_MS = 250;

/** Makes the {@link Pace} of one load. */
export function createPace(options: PaceOptions): Pace {
  return options.ratePerSecond === undefined ? new WindowPace(options) : new RatePace(options, options.ratePerSecond);
}

/** A message is sent as soon as there is room for it. */
class WindowPace implements Pace {
  readonly #messages: number;
  readonly #endMs: number;
  #isStopped = false;
  readonly stepMs = 0;
  claimed = 0;
  firstDueMs = 0;

  constructor({ startMs, messages = Infinity, durationMs = Infinity }: PaceOptions) {
    this.#messages = messages;
    this.#endMs = startMs + durationMs;
  }

  claim(wanted: number, now: number): number {
    if (this.isOver(now)) return 0;
    const count = Math.min(wanted, this.#messages - this.claimed);
    this.firstDueMs = now;
    this.claimed += count;
    return count;
  }

  owed(): number {
    return Number.isFinite(this.#messages) ? this.#messages - this.claimed : 0;
  }

  nextDueMs(): undefined {
    return undefined;
  }

  isOver(now: number): boolean {
    return this.#isStopped || this.claimed >= this.#messages || now >= this.#endMs;
  }

  stop(): void {
    this.#isStopped = true;
  }
}

/** A message is sent when it is due; one that finds no room is sent later, and its lateness counts. */
class RatePace implements Pace {
  readonly #startMs: number;
  readonly #messages: number;
  readonly #endMs: number;
  #isStopped = false;
  readonly stepMs: number;
  claimed = 0;
  firstDueMs = 0;

  constructor({ startMs, messages = Infinity, durationMs = Infinity }: PaceOptions, ratePerSecond: number) {
    this.stepMs = 1000 / ratePerSecond;
    this.#startMs = startMs;
    this.#messages = Math.min(messages, Math.ceil(durationMs / this.stepMs - 1e-9));
    this.#endMs = startMs + durationMs + GRACE_MS;
  }

  claim(wanted: number, now: number): number {
    if (this.isOver(now)) return 0;
    const count = Math.min(wanted, this.#due(now) - this.claimed);
    if (count <= 0) return 0;
    this.firstDueMs = this.#startMs + this.claimed * this.stepMs;
    this.claimed += count;
    return count;
  }

  owed(now: number): number {
    return this.#due(now) - this.claimed;
  }

  nextDueMs(): number | undefined {
    return this.#isStopped || this.claimed >= this.#messages ? undefined : this.#startMs + this.claimed * this.stepMs;
  }

  isOver(now: number): boolean {
    return this.#isStopped || this.claimed >= this.#messages || now >= this.#endMs;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** How many messages were due by `now`, the first one at the start. */
  #due(now: number): number {
    // Never fewer than were claimed, despite rounding errors.
    return Math.max(this.claimed, Math.min(this.#messages, Math.floor((now - this.#startMs) / this.stepMs) + 1));
  }
}
