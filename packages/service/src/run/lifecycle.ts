import closeWithGrace from 'close-with-grace';
import type { AdminOptions } from '../admin/admin.ts';
import { guardProcess } from './guards.ts';
import type { Logger } from '../base/logger.ts';
import { ServiceRun } from './service-run.ts';
import { onHangup } from './terminal-gone.ts';
import { superviseService } from '../workers/workers.ts';
import type { WorkersOptions } from '../workers/workers.ts';
import { obeySupervisor, takeWorkerPost, tellStartFailed } from '../workers/post.ts';
import type { WorkerPost } from '../workers/post.ts';

/** A service that is up. */
export interface RunningService {
  /** Where it listens, as `tcp://127.0.0.1:9000`. */
  readonly endpoints: readonly string[];
  /** Resolves when the service ends by itself, as with `--once`; rejects when it cannot go on. */
  readonly finished?: Promise<void>;
  /** Stops accepting and lets what is in flight finish; when the signal aborts, cuts what is left. */
  drain(signal: AbortSignal): Promise<void>;
  /**
   * Reads again what may have changed, as certificates, on SIGHUP. Never called while it still runs. When it rejects,
   * that is logged, and the service goes on with what it has.
   * @returns False when it goes on with what it has and has said why itself.
   */
  reload?(): Promise<boolean>;
  /** Whether it takes work at this moment, for `/readyz`. @defaultValue always, until it is to end */
  isReady?(): boolean;
}

/** What a starting service is given. */
export interface ServiceContext {
  /** The log of the service; in a worker each line has `worker`, its number. */
  readonly log: Logger;
  /**
   * Aborts when the service is to end: at once while it starts, so that whatever the start waits for can stop, and
   * right before `drain` once it is up. A start that rejects with the signal's reason, or any AbortError, then
   * ended well.
   */
  readonly signal: AbortSignal;
  /** In a worker: what it has to listen on, shared. */
  readonly worker?: WorkerPost;
}

/** Options of {@link runService}. */
export interface ServiceOptions {
  readonly log: Logger;
  /** How long a drain may take before what is left is cut, in milliseconds. */
  readonly drainTimeoutMs: number;
  /**
   * How long after SIGTERM or SIGINT the service still accepts, not ready any more, in milliseconds: whoever sends it
   * clients, as a load balancer, learns that it is not ready only some time later. @defaultValue 0
   */
  readonly drainDelayMs?: number;
  readonly admin?: AdminOptions;
  /** With a count above 1, that many copies of this program serve, and this process looks after them. */
  readonly workers?: WorkersOptions;
  /** Brings the service up. What it throws ends the program: see `runProgram`. */
  readonly start: (context: ServiceContext) => Promise<RunningService>;
}

/**
 * Runs a service until it ends, and the process with it.
 *
 * | what happens | what follows | exit |
 * |---|---|---|
 * | SIGTERM, SIGINT | not ready at once, after `drainDelayMs` drain | 0 |
 * | SIGTERM, SIGINT during `start` | its signal aborts; what it brought up all the same is drained | 0 |
 * | `start` rejects after that, other than by AbortError | logged | 1 |
 * | the drain takes longer than `drainTimeoutMs` | what is left is cut | 0 |
 * | a second signal meanwhile | ends now | 1 |
 * | `finished` resolves | drain | 0 |
 * | `finished` or `drain` rejects | logged, drained if it was not | 1 |
 * | SIGHUP | `reload`; ignored by a service that has none | |
 * | SIGUSR1 | nothing, and no debugger: see `runProgram` | |
 * | the terminal it writes to is gone | drain | 0 |
 * | the IPC channel to the parent closes | drain: no orphan | 0 |
 * | nobody reads standard output any more | drain | 0 |
 * | uncaught exception, unhandled rejection | logged, ends now | 1 |
 *
 * A parent that started the process with an IPC channel is sent `{ type: 'ready', endpoints }` once it is up.
 *
 * With workers all this holds for the process that looks after them: {@link WorkersOptions} tells the rest.
 *
 * @returns Never, once started: the process exits. Rejects when `start` or the admin endpoint fails.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  const post = takeWorkerPost();
  if (post !== undefined) return runWorker(options, post);
  const isShared = options.workers !== undefined && options.workers.count > 1;
  const run = isShared ? superviseService(options, options.workers) : new ServiceRun(options);
  const { log } = options;
  const grace = closeWithGrace(
    {
      delay: false,
      logger: false,
      skip: [...LEFT_ALONE],
      onSecondSignal: (signal) => log.warn({ signal }, 'second signal: ending now'),
    },
    ({ signal }) => (signal === undefined ? run.idle() : run.endOnSignal(signal)),
  );
  const offHangup = onHangup({ hungUp: () => void run.end('terminal gone'), asked: () => run.reload() });
  const release = guard(run, log);
  try {
    await run.start();
  } catch (error) {
    grace.uninstall();
    offHangup();
    release();
    throw error;
  }
  await new Promise<never>(() => undefined);
}

/**
 * A worker hears its supervisor alone. Signals of a terminal, or of a service manager, go to the whole group of processes:
 * the supervisor gets its own, and knows whether one is the first or the second.
 */
async function runWorker(options: ServiceOptions, post: WorkerPost): Promise<void> {
  const log = options.log.child({ worker: post.worker });
  const run = new ServiceRun({ ...options, log }, { post });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  guard(run, log);
  obeySupervisor(run, options.admin);
  try {
    await run.start();
  } catch (error) {
    await tellStartFailed(error);
    process.exit(1);
  }
  await new Promise<never>(() => undefined);
}

function guard(run: ServiceRun, log: Logger): () => void {
  return guardProcess({
    crashed: (error) => log.error({ err: error }, 'unexpected error'),
    outputClosed: () => void run.end('output closed'),
  });
}

// Errors are the guard's, which logs them in the same words in every program, and SIGHUP asks for a reload. The other
// signals keep what the system does with them: SIGABRT and SIGSEGV leave a core.
const LEFT_ALONE = [
  'uncaughtException',
  'unhandledRejection',
  'SIGHUP',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGUSR2',
] as const;
