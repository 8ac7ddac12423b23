/** When the messages of a load are sent, whichever connection sends them. Times are in milliseconds, of one monotonic clock. */
export interface Pace {
  /** Takes messages that may be sent now, at most `wanted`; how many there are is returned. */
  claim(wanted: number, now: number): number;
  /** When the first message of the last claim was due. */
  readonly firstDueMs: number;
  /** How much later than the one before each further message of a claim was due. */
  readonly stepMs: number;
  /** Messages taken so far. */
  readonly claimed: number;
  /** Messages that should have been sent by `now` and were not. A load without a rate owes only what `messages` asks for. */
  owed(now: number): number;
  /** When the next message is due; `undefined` without a rate, and when there is none. */
  nextDueMs(): number | undefined;
  /** Whether nothing will be taken any more. */
  isOver(now: number): boolean;
  /** Nothing more is taken from now on. */
  stop(): void;
}

/** What a load is to send. */
export interface PaceOptions {
  readonly startMs: number;
  /** Messages in all. @defaultValue no end */
  readonly messages?: number | undefined;
  /** How long messages are sent, in milliseconds. @defaultValue no end */
  readonly durationMs?: number | undefined;
  /** Messages a second, due at even distances whether earlier ones were answered or not; without it, as windows open. */
  readonly ratePerSecond?: number | undefined;
}

/** How late the messages of the last moment may be: the process may have been busy just when they were due. */
const GRACE_MS = 250;

/** Makes the {@link Pace} of one load. */
export function createPace(options: PaceOptions): Pace {
  return options.ratePerSecond === undefined ? new WindowPace(options) : new RatePace(options, options.ratePerSecond);
}

/** A message goes as soon as there is room for it. */
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

/** A message goes when it is due; one that finds no room goes later, and is as late as it is. */
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

  /** How many messages were due until `now`, the first one at the start. */
  #due(now: number): number {
    // Never fewer than were claimed, whatever the last digit of a division says.
    return Math.max(this.claimed, Math.min(this.#messages, Math.floor((now - this.#startMs) / this.stepMs) + 1));
  }
}
