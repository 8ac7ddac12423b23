import { randomUUID } from 'node:crypto';
import { Refusal } from '../refusal.ts';
import { Job } from './job.ts';
import type { JobKind, JobSummary, JobWork } from './job.ts';

/** Options of {@link Jobs}. */
export interface JobsOptions {
  /** Most waiting and running jobs. @defaultValue 16 */
  readonly maxUnfinished?: number;
  /** Most finished jobs kept for late readers of their results; the oldest are dropped. @defaultValue 16 */
  readonly maxFinished?: number;
  /** Most characters of all finished jobs, except the newest; the oldest are dropped. @defaultValue 16_777_216 */
  readonly maxFinishedChars?: number;
  /** Called when a job is over. */
  readonly onEnd?: (job: JobSummary) => void;
}

/** Options of {@link Jobs.start}. */
export interface JobRequest<Event, Result> {
  readonly kind: JobKind;
  /** Waits until no other exclusive job runs: measurements of time or loss need the machine for themselves. */
  readonly isAlone: boolean;
  readonly work: JobWork<Event, Result>;
}

/** All jobs of the page. */
export class Jobs {
  readonly #maxUnfinished: number;
  readonly #maxFinished: number;
  readonly #maxFinishedChars: number;
  readonly #onEnd: (job: JobSummary) => void;
  readonly #jobs = new Map<string, Job>();
  #lastAlone: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor({ maxUnfinished = 16, maxFinished = 16, maxFinishedChars = 16_777_216, onEnd = () => undefined }: JobsOptions = {}) {
    this.#maxUnfinished = maxUnfinished;
    this.#maxFinished = maxFinished;
    this.#maxFinishedChars = maxFinishedChars;
    this.#onEnd = onEnd;
  }

  /**
   * Starts a job, or queues it.
   *
   * @throws Refusal 429 when too many wait or run, 503 when the service is ending.
   */
  start<Event, Result>({ kind, isAlone, work }: JobRequest<Event, Result>): Job {
    if (this.#isClosed) throw new Refusal(503, { en: 'the service is ending', zh: '服务正在结束' });
    const unfinished = [...this.#jobs.values()].filter(({ isOver }) => !isOver).length;
    if (unfinished >= this.#maxUnfinished) throw tooMany(this.#maxUnfinished);
    const job = new Job(randomUUID(), kind);
    this.#jobs.set(job.id, job);
    void job.ended.then(() => this.#ended(job));
    if (isAlone) this.#lastAlone = this.#lastAlone.then(() => job.run(work));
    else void job.run(work);
    return job;
  }

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  /** All that are known, the oldest first. */
  list(): readonly JobSummary[] {
    return [...this.#jobs.values()].map(({ summary }) => summary);
  }

  /** Stops all of them and accepts no more. Resolves when they are over. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#jobs.values()) job.stop();
    await Promise.all([...this.#jobs.values()].map(({ ended }) => ended));
  }

  #ended(job: Job): void {
    this.#onEnd(job.summary);
    const finished = [...this.#jobs.values()].filter(({ isOver }) => isOver);
    let chars = finished.reduce((sum, each) => sum + each.chars, 0);
    for (const [index, oldest] of finished.slice(0, -1).entries()) {
      if (finished.length - index <= this.#maxFinished && chars <= this.#maxFinishedChars) return;
      chars -= oldest.chars;
      this.#jobs.delete(oldest.id);
    }
  }
}

function tooMany(limit: number): Refusal {
  return new Refusal(429, {
    en: `${limit} jobs wait or run already, which is the limit: stop one, or wait`,
    zh: `已有 ${limit} 个任务在等待或运行，这是上限：请停止一个，或稍候`,
  });
}
