import { EventLog } from './event-log.ts';

/** The state of a job: waiting for others, running, done, stopped on request, or failed. */
export type JobState = 'waiting' | 'running' | 'done' | 'stopped' | 'failed';

/** A job for clients. Plain JSON. */
export interface JobSummary {
  readonly id: string;
  readonly kind: JobKind;
  readonly state: JobState;
  /** When it was requested, ISO 8601, UTC. */
  readonly createdAt: string;
  /** Why it failed; `null` if it did not. */
  readonly error: string | null;
}

/** The kinds of jobs that the page can ask for. */
export type JobKind = 'experiment' | 'playground' | 'probe' | 'proxy' | 'chat';

/** What work is given. */
export interface JobContext<Event> {
  /** Aborts when the job is to stop. */
  readonly signal: AbortSignal;
  /** Sends an event to those who follow the job. */
  readonly emit: (event: Event) => void;
}

/** The work of a job. It resolves to its result, and rejects with its error. */
export type JobWork<Event, Result> = (context: JobContext<Event>) => Promise<Result>;

/** The last event of every job. */
export interface JobEnd {
  readonly type: 'end';
  readonly job: JobSummary;
}

/** Something requested from the page that takes time. */
export class Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly log: EventLog = new EventLog();
  /** Resolves when it is over, in any way. */
  readonly ended: Promise<void>;
  readonly #createdAt = new Date().toISOString();
  readonly #stopping = new AbortController();
  readonly #over = Promise.withResolvers<void>();
  #state: JobState = 'waiting';
  #error: string | null = null;
  /** A picture of ten thousand messages is a few megabytes as text, and ten times that as objects. */
  #resultJson: string | undefined;

  constructor(id: string, kind: JobKind) {
    this.id = id;
    this.kind = kind;
    this.ended = this.#over.promise;
  }

  get summary(): JobSummary {
    return { id: this.id, kind: this.kind, state: this.#state, createdAt: this.#createdAt, error: this.#error };
  }

  get isOver(): boolean {
    return this.log.isClosed;
  }

  /** The result as JSON; `undefined` until it is there. */
  get resultJson(): string | undefined {
    return this.#resultJson;
  }

  /** The same as a value, parsed again. */
  get result(): unknown {
    return this.#resultJson === undefined ? undefined : JSON.parse(this.#resultJson);
  }

  /** Its size, in characters. */
  get chars(): number {
    return this.log.chars + (this.#resultJson?.length ?? 0);
  }

  /** Runs the work; resolves when it is over and never rejects. */
  async run<Event, Result>(work: JobWork<Event, Result>): Promise<void> {
    if (this.isOver) return;
    this.#state = 'running';
    const { signal } = this.#stopping;
    try {
      this.#resultJson = JSON.stringify(await work({ signal, emit: (event) => this.log.append(event) }));
      this.#end('done');
    } catch (error) {
      if (signal.aborted) this.#end('stopped');
      else this.#end('failed', error instanceof Error ? error.message : String(error));
    }
  }

  /** Asks it to stop. A waiting job is over at once. */
  stop(): void {
    this.#stopping.abort();
    if (this.#state === 'waiting') this.#end('stopped');
  }

  #end(state: JobState, error: string | null = null): void {
    if (this.isOver) return;
    this.#state = state;
    this.#error = error;
    this.log.append({ type: 'end', job: this.summary } satisfies JobEnd);
    this.log.close();
    this.#over.resolve();
  }
}
