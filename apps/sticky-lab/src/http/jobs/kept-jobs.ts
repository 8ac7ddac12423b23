import { Refusal } from '../refusal.ts';
import type { Job, JobContext, JobKind } from './job.ts';
import type { Jobs } from './jobs.ts';
import type { Text } from '@socklab/lab';

/** Options of {@link KeptJobs}. */
export interface KeptJobsOptions<Kept> {
  readonly jobs: Jobs;
  readonly kind: JobKind;
  /** Most that run at once: fewer than there may be jobs, so that they keep nothing else from running. */
  readonly maxRunning: number;
  /** Most of those that ended and are kept; the oldest go first. */
  readonly maxEnded: number;
  /** What to say to one too many. */
  readonly tooMany: Text;
  /** What to say of an id that is not kept; `seen` is the id, quoted. */
  readonly missing: (seen: string) => Text;
  /** Frees what an entry holds besides memory. */
  readonly forgotten?: (kept: Kept) => Promise<void>;
}

/** A job, and what its page keeps of it. */
export interface KeptJob<Kept> {
  readonly job: Job;
  readonly kept: Kept;
}

/** What a page starts: what to keep of it, and its work. */
export interface Started<Kept, Event, Result> {
  readonly kept: Kept;
  readonly run: (context: JobContext<Event>) => Promise<Result>;
  /** Closes it when no job can be started for it. */
  readonly close?: () => Promise<void>;
}

/** What a page started, by the ids of the jobs: what goes on, and the last that ended. */
export class KeptJobs<Kept> {
  readonly #options: KeptJobsOptions<Kept>;
  readonly #entries = new Map<string, KeptJob<Kept>>();
  #opening = 0;

  constructor(options: KeptJobsOptions<Kept>) {
    this.#options = options;
  }

  /** All that are kept, the oldest first. */
  get all(): readonly KeptJob<Kept>[] {
    return [...this.#entries.values()];
  }

  /** Starts a job. @throws Refusal 429 when too many run, what `open` throws, and what {@link Jobs.start} throws. */
  async start<Event, Result>(open: () => Promise<Started<Kept, Event, Result>>): Promise<KeptJob<Kept>> {
    const { maxRunning, tooMany } = this.#options;
    if (this.#opening + this.all.filter(({ job }) => !job.isOver).length >= maxRunning) throw new Refusal(429, tooMany);
    this.#opening += 1;
    try {
      const entry = await this.#run(await open());
      await this.#forgetOldest();
      return entry;
    } finally {
      this.#opening -= 1;
    }
  }

  /** @throws Refusal 404 */
  get(id: string): KeptJob<Kept> {
    const found = this.#entries.get(id);
    if (found !== undefined) return found;
    throw new Refusal(404, this.#options.missing(JSON.stringify(id.slice(0, 60))));
  }

  /** Forgets all. Call it when the jobs are over. */
  async clear(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((id) => this.#forget(id)));
  }

  async #run<Event, Result>({ kept, run, close }: Started<Kept, Event, Result>): Promise<KeptJob<Kept>> {
    try {
      const job = this.#options.jobs.start<Event, Result>({ kind: this.#options.kind, isAlone: false, work: run });
      const entry = { job, kept };
      this.#entries.set(job.id, entry);
      void job.ended.then(() => this.#forgetOldest());
      return entry;
    } catch (error) {
      await close?.();
      throw error;
    }
  }

  async #forgetOldest(): Promise<void> {
    const ended = this.all.filter(({ job }) => job.isOver);
    const surplus = Math.max(0, ended.length - this.#options.maxEnded);
    const oldest = ended.filter(({ job }, index) => index < surplus || this.#options.jobs.get(job.id) === undefined);
    await Promise.all(oldest.map(({ job }) => this.#forget(job.id)));
  }

  async #forget(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    if (entry !== undefined) await this.#options.forgotten?.(entry.kept);
  }
}
