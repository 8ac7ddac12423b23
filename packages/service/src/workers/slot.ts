import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '../base/exit.ts';
import { errorOf } from './post.ts';
import { WorkerProcess } from './process.ts';
import type { Logger } from '../log/logger.ts';
import type { WorkerPost } from '../service.ts';
import type { WorkerEnd } from './process.ts';

// One that dies now and then is replaced at once, one that cannot live costs little time of the machine.
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5000;
// A worker that dies more often than that is of no use, and the operator should see it.
const MAX_DEATHS = 5;
const DEATHS_WINDOW_MS = 10_000;

/** What a place for a worker needs to know. */
export interface SlotOptions {
  readonly post: WorkerPost;
  readonly log: Logger;
  /** Called with each process that is gone, before there is another. */
  readonly onGone: (worker: WorkerProcess) => void;
}

/** The place of one worker: holds a process, and the next when that one dies. */
export class WorkerSlot {
  /** Resolves when the first process is ready. */
  readonly firstReady: Promise<void>;
  /**
   * Resolves when the place is given up as asked, with how its last process ended: undefined when there was none at that
   * moment. Rejects when the first process fails to start, or when they die too often.
   */
  readonly ended: Promise<WorkerEnd | undefined>;
  readonly #options: SlotOptions;
  readonly #stopping = new AbortController();
  readonly #becameReady = Promise.withResolvers<void>();
  #wasReady = false;
  #worker: WorkerProcess | undefined;
  #replaced = 0;

  constructor(options: SlotOptions) {
    this.#options = options;
    this.firstReady = this.#becameReady.promise;
    this.ended = this.#keep();
    // Whoever waits for it does so later.
    this.ended.catch(() => undefined);
  }

  /** The process that is there now. */
  get worker(): WorkerProcess | undefined {
    return this.#worker;
  }

  /** How many processes took the place of one that died. */
  get replaced(): number {
    return this.#replaced;
  }

  /** Has the process drain, and puts no other in its place. */
  stop(reason: string): void {
    this.#stopping.abort();
    this.#worker?.drain(reason);
  }

  async #keep(): Promise<WorkerEnd | undefined> {
    const deaths = createDeaths();
    for (;;) {
      const startedAt = performance.now();
      const worker: WorkerProcess = new WorkerProcess(
        this.#options.post,
        () => this.#ready(),
        () => this.#hangs(worker),
      );
      this.#worker = worker;
      const end = await worker.ended;
      this.#worker = undefined;
      this.#options.onGone(worker);
      if (this.#stopping.signal.aborted) return end;
      if (end.startFailure !== undefined && !this.#wasReady) throw errorOf(end.startFailure);
      const backoffMs = deaths.next(performance.now(), startedAt);
      this.#report(worker, end, backoffMs);
      if (backoffMs === undefined) throw diesTooOften(worker.post);
      if (!(await this.#waited(backoffMs))) return undefined;
      this.#replaced += 1;
    }
  }

  #ready(): void {
    this.#wasReady = true;
    this.#becameReady.resolve();
  }

  /** The kernel gives it its share of the connections as long as it lives; its place is better taken by another. */
  #hangs(worker: WorkerProcess): void {
    this.#options.log.error({ worker: worker.post.worker, pid: worker.pid }, 'worker hangs and is killed');
    worker.kill();
  }

  #report({ post: { worker }, pid }: WorkerProcess, { code, signal, startFailure }: WorkerEnd, backoffMs: number | undefined): void {
    const reason = startFailure === undefined ? {} : { err: errorOf(startFailure) };
    const next = backoffMs === undefined ? {} : { replacedInMs: backoffMs };
    this.#options.log.warn({ worker, pid, code, signal, ...reason, ...next }, 'worker died');
  }

  /** False when the place is given up meanwhile. */
  async #waited(milliseconds: number): Promise<boolean> {
    await delay(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    return !this.#stopping.signal.aborted;
  }
}

function diesTooOften({ worker }: WorkerPost): ServiceError {
  return new ServiceError('SERVICE_ERR_LISTEN', `worker ${worker} died ${MAX_DEATHS + 1} times within ${DEATHS_WINDOW_MS / 1000} s`);
}

/** Counts deaths; returns how long to wait after each. */
interface Deaths {
  /** In milliseconds; undefined after too many. */
  next(now: number, startedAt: number): number | undefined;
}

/** Exported for its test. */
export function createDeaths(): Deaths {
  let recent: number[] = [];
  let inARow = 0;
  return {
    next(now, startedAt) {
      inARow = now - startedAt >= DEATHS_WINDOW_MS ? 1 : inARow + 1;
      recent = [...recent.filter((at) => now - at < DEATHS_WINDOW_MS), now];
      if (recent.length > MAX_DEATHS) return undefined;
      return Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(inARow - 1, 10), LONGEST_BACKOFF_MS);
    },
  };
}
