import closeWithGrace from 'close-with-grace';
import type { AdminOptions } from './admin.ts';
import { guardProcess } from './guards.ts';
import type { Logger } from './logger.ts';
import { ServiceRun } from './service-run.ts';

/** A service that is up. */
export interface RunningService {
  /** Where it listens, as `tcp://127.0.0.1:9000`. */
  readonly endpoints: readonly string[];
  /** Resolves when the service ends by itself, as with `--once`; rejects when it cannot go on. */
  readonly finished?: Promise<void>;
  /** Stops accepting and lets what is in flight finish; when the signal aborts, cuts what is left. */
  drain(signal: AbortSignal): Promise<void>;
}

/** What a starting service is given. */
export interface ServiceContext {
  readonly log: Logger;
  /** Aborts as soon as the service is to end, before `drain` is called: a start under way can stop. */
  readonly signal: AbortSignal;
}

/** Options of {@link runService}. */
export interface ServiceOptions {
  readonly log: Logger;
  /** How long a drain may take before what is left is cut, in milliseconds. */
  readonly drainTimeoutMs: number;
  readonly admin?: AdminOptions;
  /** Brings the service up. What it throws ends the program: see `runProgram`. */
  readonly start: (context: ServiceContext) => Promise<RunningService>;
}

/**
 * Runs a service until it ends, and the process with it.
 *
 * | what happens | what follows | exit |
 * |---|---|---|
 * | SIGTERM, SIGINT | not ready at once, drain | 0 |
 * | the drain takes longer than `drainTimeoutMs` | what is left is cut | 0 |
 * | a second signal meanwhile | ends now | 1 |
 * | `finished` resolves | drain | 0 |
 * | `finished` or `drain` rejects | logged, drained if it was not | 1 |
 * | the IPC channel to the parent closes | drain: no orphan | 0 |
 * | nobody reads standard output any more | drain | 0 |
 * | uncaught exception, unhandled rejection | logged, ends now | 1 |
 *
 * A parent that started the process with an IPC channel is sent `{ type: 'ready', endpoints }` once it is up.
 *
 * @returns Never, once started: the process exits. Rejects when `start` or the admin endpoint fails.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  const { log } = options;
  const run = new ServiceRun(options);
  const release = guardProcess({
    crashed: (error) => log.error({ err: error }, 'unexpected error'),
    outputClosed: () => void run.end('output closed'),
  });
  const grace = closeWithGrace(
    {
      delay: false,
      logger: false,
      skip: [...LEFT_ALONE],
      onSecondSignal: (signal) => log.warn({ signal }, 'second signal: ending now'),
    },
    ({ signal }) => (signal === undefined ? run.idle() : run.end(signal)),
  );
  try {
    await run.start();
  } catch (error) {
    grace.uninstall();
    release();
    throw error;
  }
  await new Promise<never>(() => undefined);
}

// Errors are the guard's, which logs them in the same words in every program. The other signals keep what the
// system does with them: SIGHUP of a process started with nohup is ignored, SIGABRT and SIGSEGV leave a core.
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
