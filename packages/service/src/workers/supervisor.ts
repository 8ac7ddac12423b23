import { formatEndpoint } from '../base/endpoint.ts';
import { WorkerAnswers } from './answers.ts';
import { claimPorts } from './claim.ts';
import { WorkerSlot } from './slot.ts';
import type { AdminSource } from '../admin/admin.ts';
import type { Endpoint } from '../base/endpoint.ts';
import type { RunningService, ServiceContext, ServiceOptions, WorkersOptions } from '../service.ts';
import type { Claim } from './claim.ts';
import type { WorkerEnd, WorkerProcess } from './process.ts';

// A worker cuts what is left when this process says so; then it has this long to exit.
const EXIT_TIMEOUT_MS = 1500;

/** Starts the workers, keeps as many as wanted, and combines their answers. */
export class Supervisor {
  readonly answers: Omit<AdminSource, 'readiness'>;
  readonly #options: ServiceOptions;
  readonly #workers: WorkersOptions;
  readonly #answers: WorkerAnswers;
  readonly #slots: WorkerSlot[] = [];

  constructor(options: ServiceOptions, workers: WorkersOptions) {
    this.#options = options;
    this.#workers = workers;
    this.#answers = new WorkerAnswers(options.log, options.admin, this.#slots);
    this.answers = this.#answers;
    // However this process ends, unless it is killed: no worker is left behind.
    process.once('exit', () => this.#kill());
  }

  /** Takes the ports and starts the workers; resolves when all of them are ready. */
  async start({ log, signal }: ServiceContext): Promise<RunningService> {
    const claim = await claimPorts(this.#workers, { log, signal });
    try {
      await this.#startAll(claim.endpoints, signal);
    } catch (error) {
      // A worker that was ready may already serve: it drains when the start was given up, not when it failed.
      if (signal.aborted) this.#stop();
      else this.#kill();
      await Promise.allSettled(this.#slots.map(({ ended }) => ended));
      claim.release();
      throw error;
    }
    claim.handOver();
    return this.#running(claim);
  }

  reload(): void {
    this.#options.log.info({ workers: this.#slots.length }, 'SIGHUP passed on to the workers');
    for (const { worker } of this.#slots) worker?.reload();
  }

  /** One first: an error of the configuration is then reported once, not by every worker. */
  async #startAll(endpoints: readonly Endpoint[], signal: AbortSignal): Promise<void> {
    const { count } = this.#workers;
    await unlessAborted(signal, this.#add(1, endpoints));
    const others = Array.from({ length: count - 1 }, (_none, index) => this.#add(index + 2, endpoints));
    await unlessAborted(signal, Promise.all(others));
  }

  #add(worker: number, endpoints: readonly Endpoint[]): Promise<unknown> {
    const { log } = this.#options;
    const slot = new WorkerSlot({
      post: { worker, count: this.#workers.count, endpoints },
      log,
      onGone: (gone: WorkerProcess) => this.#answers.keep(gone),
    });
    this.#slots.push(slot);
    return Promise.race([slot.firstReady, slot.ended]);
  }

  #running(claim: Claim): RunningService {
    return {
      endpoints: claim.endpoints.map((endpoint) => formatEndpoint(endpoint, this.#workers.transport)),
      finished: Promise.all(this.#slots.map(({ ended }) => ended)).then(() => undefined),
      isReady: () => this.#slots.every(({ worker }) => worker?.isServing === true),
      drain: async (cut) => {
        await this.#drain(cut);
        claim.release();
      },
    };
  }

  async #drain(cut: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const killSoon = (): void => {
      timer = setTimeout(() => this.#kill(), EXIT_TIMEOUT_MS);
    };
    cut.addEventListener('abort', killSoon, { once: true });
    this.#stop();
    const ends = await Promise.allSettled(this.#slots.map(({ ended }) => ended));
    cut.removeEventListener('abort', killSoon);
    clearTimeout(timer);
    for (const [index, end] of ends.entries()) if (end.status === 'fulfilled') checkEnd(index + 1, end.value);
  }

  #stop(): void {
    for (const slot of this.#slots) slot.stop('stopped by the supervisor');
  }

  #kill(): void {
    this.#stop();
    for (const { worker } of this.#slots) worker?.kill();
  }
}

/** @throws Error when a worker did not end properly: work in flight may be lost. */
function checkEnd(worker: number, end: WorkerEnd | undefined): void {
  if (end === undefined || end.code === 0) return;
  const how = end.signal === null ? `exited with code ${end.code}` : `was ended by ${end.signal}`;
  throw new Error(`worker ${worker} ${how} while it drained`);
}

/** @throws The signal's reason as soon as it aborts. */
async function unlessAborted<Result>(signal: AbortSignal, promise: Promise<Result>): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
