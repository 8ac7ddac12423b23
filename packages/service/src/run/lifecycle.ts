import { EXIT } from '../base/exit.ts';
import { guardProcess } from '../log/guards.ts';
import { obeySupervisor, takeWorkerPost, tellStartFailed } from '../workers/post.ts';
import { Supervisor } from '../workers/supervisor.ts';
import { ServiceRun } from './service-run.ts';
import { onStop } from './stop.ts';
import { onHangup } from './terminal-gone.ts';
import type { Logger } from '../log/logger.ts';
import type { ServiceOptions, WorkerPost, WorkersOptions } from '../service.ts';

/**
 * Runs a service until it ends, and the process with it.
 *
 * | what happens | what follows | exit |
 * |---|---|---|
 * | SIGTERM, SIGINT | not ready at once, after `drainDelayMs` drain | 0 |
 * | SIGTERM, SIGINT during `start` | its signal aborts; if it still comes up, it is drained | 0 |
 * | `start` rejects after that, other than by AbortError | logged | 1 |
 * | the drain takes longer than `drainTimeoutMs` | what is left is cut | 0 |
 * | a second signal meanwhile | ends now | 1 |
 * | `finished` resolves | drain | 0 |
 * | `finished` or `drain` rejects | logged, drained if it was not | 1 |
 * | SIGHUP | `reload`; ignored by a service without it | |
 * | SIGUSR1 | nothing, and no debugger: see `runProgram` | |
 * | the terminal it writes to is gone | drain | 0 |
 * | the IPC channel to the parent closes | drain: no orphan | 0 |
 * | the reader of standard output is gone | drain | 0 |
 * | uncaught exception, unhandled rejection | logged, ends now | 1 |
 *
 * A parent that started the process with an IPC channel is sent `{ type: 'ready', endpoints }` once it is up.
 *
 * With workers all this applies to the supervisor: {@link WorkersOptions} has the rest.
 *
 * @returns Never, once started: the process exits. Rejects when `start` or the admin endpoint fails.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  const post = takeWorkerPost();
  if (post !== undefined) return runWorker(options, post);
  const isShared = options.workers !== undefined && options.workers.count > 1;
  const run = isShared ? superviseWorkers(options, options.workers) : new ServiceRun(options);
  const { log } = options;
  const offStop = onStop({
    asked: (signal) => void run.endOnSignal(signal),
    askedAgain: (signal) => {
      log.warn({ signal }, 'second signal: ending now');
      process.exit(EXIT.failed);
    },
    idle: () => void run.idle(),
  });
  const offHangup = onHangup({ hungUp: () => void run.end('terminal gone'), asked: () => run.reload() });
  const release = guard(run, log);
  try {
    await run.start();
  } catch (error) {
    offStop();
    offHangup();
    release();
    throw error;
  }
  await new Promise<never>(() => undefined);
}

/** The run of the supervisor. */
function superviseWorkers(options: ServiceOptions, workers: WorkersOptions): ServiceRun {
  const supervisor = new Supervisor(options, workers);
  return new ServiceRun(
    { ...options, start: (context) => supervisor.start(context) },
    { answers: supervisor.answers, passReloadOn: () => supervisor.reload() },
  );
}

/**
 * A worker obeys its supervisor only. Signals of a terminal, or of a service manager, go to the whole process group:
 * the supervisor gets its own, and knows whether it is the first or the second.
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
