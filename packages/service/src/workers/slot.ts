import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '../base/exit.ts';
import { errorOf } from './post.ts';
import { WorkerProcess } from './process.ts';
import type { Logger } from '../log/logger.ts';
import type { WorkerPost } from '../service.ts';
import type { WorkerEnd } from './process.ts';

// A worker that dies now and then is replaced at once, one that cannot run costs little of the machine.
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5000;
// A worker that dies more often than this is useless, and the operator should see it.
const MAX_DEATHS = 5;
const DEATHS_WINDOW_MS = 10_000;

/** Options of a slot. */
export interface SlotOptions {
  readonly post: WorkerPost;
  readonly log: Logger;
  /** Called for each process that is gone, before its replacement. */
  readonly onGone: (worker: WorkerProcess) => void;
}

/** The place of one worker: holds a process, and its replacement when that dies. */
export class WorkerSlot {
  /** Resolves when the first process is ready. */
  readonly firstReady: Promise<void>;
  /**
   * Resolves when the slot is closed as asked, with how its last process ended: undefined when there was none.
   * Rejects when the first process fails to start, or when they die too often.
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
    // Awaited later.
    this.ended.catch(() => undefined);
  }

  /** The current process. */
  get worker(): WorkerProcess | undefined {
    return this.#worker;
  }

  /** How many processes replaced one that died. */
  get replaced(): number {
    return this.#replaced;
  }

  /** Makes the process drain, and starts no other. */
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

  /** The kernel gives it connections as long as it lives: a replacement is better. */
  #hangs(worker: WorkerProcess): void {
    this.#options.log.error({ worker: worker.post.worker, pid: worker.pid }, 'worker does not respond: killing it');
    worker.kill();
  }

  #report({ post: { worker }, pid }: WorkerProcess, { code, signal, startFailure }: WorkerEnd, backoffMs: number | undefined): void {
    const reason = startFailure === undefined ? {} : { err: errorOf(startFailure) };
    const next = backoffMs === undefined ? {} : { replacedInMs: backoffMs };
    this.#options.log.warn({ worker, pid, code, signal, ...reason, ...next }, 'worker died');
  }

  /** False when the slot was closed meanwhile. */
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
