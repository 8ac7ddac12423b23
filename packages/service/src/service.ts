import type { AdminOptions } from './admin/admin.ts';
import type { Endpoint, Transport } from './base/endpoint.ts';
import type { ListenOptions } from './listen/listen.ts';
import type { Logger } from './log/logger.ts';

/** A service that is up. */
export interface RunningService {
  /** Where it listens, such as `tcp://127.0.0.1:9000`. */
  readonly endpoints: readonly string[];
  /** Resolves when the service ends by itself, as with `--once`; rejects when it cannot go on. */
  readonly finished?: Promise<void>;
  /** Stops accepting and lets work in flight finish; when the signal aborts, cuts the rest. */
  drain(signal: AbortSignal): Promise<void>;
  /**
   * On SIGHUP: reads again what may have changed, such as certificates. Never called while it still runs. When it
   * rejects, that is logged, and the service goes on unchanged.
   * @returns False when it goes on unchanged and has logged why itself.
   */
  reload?(): Promise<boolean>;
  /** Whether it takes work now, for `/readyz`. @defaultValue always, until it is ending */
  isReady?(): boolean;
}

/** What the start of a service is given. */
export interface ServiceContext {
  /** The log of the service; in a worker each line has `worker`, its number. */
  readonly log: Logger;
  /**
   * Aborts when the service is to end: at once while it starts, so that everything the start waits for can stop,
   * and right before `drain` once it is up. A start that then rejects with the signal's reason, or any AbortError,
   * ended well.
   */
  readonly signal: AbortSignal;
  /** In a worker: the shared endpoints to listen on. */
  readonly worker?: WorkerPost;
}

/** Options of `runService`. */
export interface ServiceOptions {
  readonly log: Logger;
  /** How long a drain may take before what is left is cut, in milliseconds. */
  readonly drainTimeoutMs: number;
  /**
   * How long after SIGTERM or SIGINT the service still accepts, no longer ready, in milliseconds: a load balancer
   * that sends it clients learns only some time later that it is not ready. @defaultValue 0
   */
  readonly drainDelayMs?: number;
  readonly admin?: AdminOptions;
  /** With a count above 1, this process supervises that many copies of this program. */
  readonly workers?: WorkersOptions;
  /** Starts the service. What it throws ends the program: see `runProgram`. */
  readonly start: (context: ServiceContext) => Promise<RunningService>;
}

/** The job of a worker. */
export interface WorkerPost {
  /** Its number, from 1. A replacement gets that of the worker it replaces. */
  readonly worker: number;
  /** How many workers there are. */
  readonly count: number;
  /** Where to listen, with `reusePort`: the same for all, never port 0. */
  readonly endpoints: readonly Endpoint[];
}

/**
 * How a service runs in several processes that share its ports.
 *
 * The first process supervises: it starts this program again as often as asked, with the same arguments, and never
 * calls `start` itself. In each worker `start` gets `worker`, with the endpoints to listen on with `reusePort`: the
 * kernel spreads connections, and the peers of UDP, over them.
 *
 * | what happens | what follows |
 * |---|---|
 * | a worker dies | another replaces it after 100 ms, doubled with each death in a row, up to 5 s |
 * | a worker does not answer for 3 s | not ready; after 10 s it is killed, and replaced as if it had died |
 * | the same place dies more than 5 times within 10 s | drain, exit 1 |
 * | the first start of a worker fails | its error ends the program |
 * | SIGTERM, SIGINT | drain of every worker; a second signal ends all of them now |
 * | signals to a worker | ignored: those of a terminal go to all processes, and the supervisor tells the workers |
 * | the supervisor dies | every worker drains |
 * | SIGHUP | every worker reloads |
 *
 * Only the supervisor opens the admin endpoint: ready when all workers are, its metrics the sum of theirs.
 */
export interface WorkersOptions {
  /** How many processes serve; 1 is a single process without a supervisor. */
  readonly count: number;
  readonly transport: Transport;
  /** Addresses and ports. Anything else cannot be shared: `SERVICE_ERR_USAGE`. */
  readonly endpoints: readonly Endpoint[];
  /**
   * How the supervisor takes the ports, including what to do about a busy one. With `reusePort` they may be shared
   * with processes other than the workers.
   */
  readonly listen?: ListenOptions;
}
