/** One event of a log, as sent to followers. */
export interface LoggedEvent {
  /** Counts from 1. */
  readonly id: number;
  /** The event, as JSON. */
  readonly json: string;
}

/** Options of {@link EventLog}. */
export interface EventLogOptions {
  /** Most events kept; the oldest go first. @defaultValue 50_000 */
  readonly maxEvents?: number;
  /** Most characters of JSON kept; the oldest go first. @defaultValue 4_194_304 */
  readonly maxChars?: number;
}

/** Events in order, kept for those who follow later or reconnect. */
export class EventLog {
  readonly #maxEvents: number;
  readonly #maxChars: number;
  #events: LoggedEvent[] = [];
  #chars = 0;
  #lastId = 0;
  #isClosed = false;
  #changed = Promise.withResolvers<void>();

  constructor({ maxEvents = 50_000, maxChars = 4_194_304 }: EventLogOptions = {}) {
    this.#maxEvents = maxEvents;
    this.#maxChars = maxChars;
  }

  /** Characters of JSON that are kept. */
  get chars(): number {
    return this.#chars;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Whether nothing more follows. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  append(event: unknown): void {
    if (this.#isClosed) return;
    const json = JSON.stringify(event);
    this.#events.push({ id: ++this.#lastId, json });
    this.#chars += json.length;
    this.#forgetOldest();
    this.#tell();
  }

  close(): void {
    this.#isClosed = true;
    this.#tell();
  }

  /** The events after the one with this id. `missed` counts those of them that are no longer kept. */
  after(id: number): { readonly missed: number; readonly events: readonly LoggedEvent[] } {
    const firstKept = this.#lastId - this.#events.length + 1;
    return { missed: Math.max(0, firstKept - 1 - id), events: this.#events.slice(Math.max(0, id + 1 - firstKept)) };
  }

  /** Resolves when there is a new event, or the log is closed. */
  changed(): Promise<void> {
    return this.#isClosed ? Promise.resolve() : this.#changed.promise;
  }

  #forgetOldest(): void {
    let forgotten = 0;
    while (this.#events.length - forgotten > this.#maxEvents || (this.#chars > this.#maxChars && forgotten < this.#events.length - 1)) {
      this.#chars -= this.#events[forgotten++]?.json.length ?? 0;
    }
    // In large steps: shifting one by one would move all the others each time.
    if (forgotten > 0) this.#events = this.#events.slice(forgotten);
  }

  #tell(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}
