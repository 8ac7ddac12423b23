import { setTimeout as delay } from 'node:timers/promises';
import { openAdmin } from '../admin/admin.ts';
import { warnIfExposed } from '../admin/exposure.ts';
import { EXIT } from '../base/exit.ts';
import { onParentGone, tellParent } from '../base/parent.ts';
import { flushOutput } from '../log/output.ts';
import { drainWithin } from './drain.ts';
import { Reloads } from './reloads.ts';
import type { AdminServer, AdminSource, Readiness } from '../admin/admin.ts';
import type { RunningService, ServiceOptions, WorkerPost } from '../service.ts';

// A log reader that does not read must not delay the end of the process.
const FLUSH_LIMIT_MS = 2000;

/** How a run differs from that of a service in one process. */
export interface RunRole {
  /** Where the admin endpoint gets its answers. @defaultValue this process */
  readonly answers?: Omit<AdminSource, 'readiness'>;
  /** Passes a reload on, for a process that has nothing to reload itself. */
  readonly passReloadOn?: () => void;
  /** Whether it is the run of a worker: the supervisor opens the admin endpoint, and logs what is exposed. */
  readonly post?: WorkerPost;
}

/**
 * One run of a service, from start to exit.
 *
 *     starting --start resolves--> ready --end()--> draining --drained or cut--> exit
 *        |                                             ^
 *        +---------------------end()-------------------+
 */
export class ServiceRun {
  readonly #options: ServiceOptions;
  readonly #role: RunRole;
  readonly #stop = new AbortController();
  /** Aborts when there is no more reason to accept. */
  readonly #hurry = new AbortController();
  /** Undefined when the start was given up because the service is ending. */
  readonly #service = Promise.withResolvers<RunningService | undefined>();
  readonly #reloads: Reloads;
  #readiness: Readiness = 'starting';
  #running: RunningService | undefined;
  #admin: AdminServer | undefined;
  #ending: Promise<void> | undefined;
  #exitCode: number = EXIT.ok;

  constructor(options: ServiceOptions, role: RunRole = {}) {
    this.#options = options;
    this.#role = role;
    this.#reloads = new Reloads(options.log, () => (this.#ending === undefined ? this.#running : undefined));
  }

  /** Starts the service. Rejects when that fails, unless the service is ending: then the drain fails with it. */
  async start(): Promise<void> {
    const { log, admin, start } = this.#options;
    const { post } = this.#role;
    onParentGone(() => void this.end('parent gone'));
    try {
      if (post === undefined) this.#admin = await openAdmin(admin, log, this.#adminSource());
      this.#stop.signal.throwIfAborted();
      const service = await start({ log, signal: this.#stop.signal, ...(post === undefined ? {} : { worker: post }) });
      this.#running = service;
      this.#service.resolve(service);
      this.#watch(service);
      if (this.#ending === undefined) this.#announce(service.endpoints);
    } catch (error) {
      await this.#startFailed(error);
    }
  }

  /** Drains and exits, once: further calls join. */
  end(reason: string): Promise<void> {
    this.#hurry.abort();
    return this.#endOnce(reason, 0);
  }

  /** The same on a signal: a service that is up still accepts for the drain delay. */
  endOnSignal(signal: string): Promise<void> {
    return this.#endOnce(signal, this.#running === undefined ? 0 : (this.#options.drainDelayMs ?? 0));
  }

  /** The event loop is empty: a service that is up is done, a start that still waits never ends. */
  idle(): Promise<void> {
    this.#service.reject(new Error('the start waits for something that can no longer happen'));
    return this.end('nothing left to do');
  }

  /** Makes the service read its configuration again. The result is logged. */
  reload(): void {
    if (this.#role.passReloadOn === undefined) void this.#reloads.ask();
    else this.#role.passReloadOn();
  }

  #adminSource(): AdminSource {
    const { admin } = this.#options;
    const answers = this.#role.answers ?? {
      metrics: async () => (await admin?.metrics.registry.metrics()) ?? '',
      route: (path: string) => admin?.routes?.[path as `/${string}`]?.(),
    };
    const isReady = (): boolean => this.#running?.isReady?.() ?? true;
    return {
      metrics: () => answers.metrics(),
      route: (path) => answers.route(path),
      readiness: () => (this.#readiness === 'ready' && !isReady() ? 'starting' : this.#readiness),
    };
  }

  #watch({ finished }: RunningService): void {
    finished?.then(
      () => this.end('finished'),
      (error: unknown) => this.#fail(error, 'service failed'),
    );
  }

  #announce(endpoints: readonly string[]): void {
    const { log } = this.#options;
    this.#readiness = 'ready';
    if (this.#role.post === undefined) {
      log.info({ endpoints }, 'listening');
      warnIfExposed(log, endpoints);
    } else {
      log.info({ endpoints, pid: process.pid }, 'worker listening');
    }
    tellParent({ type: 'ready', endpoints });
  }

  async #startFailed(error: unknown): Promise<void> {
    if (this.#stop.signal.aborted) {
      if (isAbort(error)) this.#service.resolve(undefined);
      else this.#service.reject(error);
      return;
    }
    await this.#admin?.close();
    throw error;
  }

  #fail(error: unknown, what: string): Promise<void> {
    this.#options.log.error({ err: error }, what);
    this.#exitCode = EXIT.failed;
    return this.end('failed');
  }

  #endOnce(reason: string, delayMs: number): Promise<void> {
    // Set first: the first line of the end can find that the reader of the log is gone, which ends the service.
    this.#ending ??= Promise.resolve().then(() => this.#drainAndExit(reason, delayMs));
    return this.#ending;
  }

  async #drainAndExit(reason: string, delayMs: number): Promise<void> {
    const { log, drainTimeoutMs } = this.#options;
    this.#readiness = 'draining';
    await this.#acceptOn(reason, delayMs);
    this.#stop.abort(new DOMException('the service is ending', 'AbortError'));
    try {
      await drainWithin({
        log,
        reason,
        drainTimeoutMs,
        drain: async (signal) => (await this.#service.promise)?.drain(signal),
      });
    } catch (error) {
      log.error({ err: error, reason }, 'drain failed');
      this.#exitCode = EXIT.failed;
    }
    await this.#admin?.close();
    await flushOutput(FLUSH_LIMIT_MS);
    process.exit(this.#exitCode);
  }

  /** Until the delay is over, or the service has finished or failed by itself. */
  async #acceptOn(reason: string, drainDelayMs: number): Promise<void> {
    if (drainDelayMs === 0) return;
    this.#options.log.info({ reason, drainDelayMs }, 'not ready; still accepting');
    try {
      await delay(drainDelayMs, undefined, { signal: this.#hurry.signal });
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
