import type { AdminOptions } from './admin/admin.ts';
import type { Endpoint, Transport } from './base/endpoint.ts';
import type { ListenOptions } from './listen/listen.ts';
import type { Logger } from './log/logger.ts';

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

/** Options of `runService`. */
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

/** What a worker is there for. */
export interface WorkerPost {
  /** Its number, from 1. A replacement has that of the worker it replaces. */
  readonly worker: number;
  /** How many there are. */
  readonly count: number;
  /** Where to listen, with `reusePort`: the same for all, no port is 0. */
  readonly endpoints: readonly Endpoint[];
}

/**
 * How a service is served by several processes that share its ports.
 *
 * The process that is started looks after them: it starts this program again as often as asked, with the same
 * arguments, and never calls `start` itself. In each worker `start` gets `worker`, with the endpoints to listen on with
 * `reusePort`: the kernel spreads connections, and the peers of UDP, over them.
 *
 * | what happens | what follows |
 * |---|---|
 * | a worker dies | another takes its place after 100 ms, twice that after each death in a row, up to 5 s |
 * | a worker does not answer for 3 s | not ready; after 10 s it is killed, and replaced as one that died |
 * | the same place dies more than 5 times within 10 s | drain, exit 1 |
 * | the first start of a worker fails | its error is that of the program |
 * | SIGTERM, SIGINT | drain of every worker; a second signal ends all of them now |
 * | signals to a worker | ignored: those of a terminal go to all processes, and this one tells the workers |
 * | this process dies | every worker drains |
 * | SIGHUP | every worker reloads |
 *
 * Only this process opens the admin endpoint: ready when all workers are, its metrics the sum of theirs.
 */
export interface WorkersOptions {
  /** How many processes serve; 1 is this process alone, as without workers. */
  readonly count: number;
  readonly transport: Transport;
  /** Addresses and ports. Anything else cannot be shared: `SERVICE_ERR_USAGE`. */
  readonly endpoints: readonly Endpoint[];
  /**
   * How the ports are taken, by this process, what to do about a busy one included. With `reusePort` they may be shared
   * with processes besides the workers.
   */
  readonly listen?: ListenOptions;
}
