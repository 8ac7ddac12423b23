import { openAdmin } from './admin.ts';
import type { AdminServer, Readiness } from './admin.ts';
import { drainWithin } from './drain.ts';
import { EXIT } from './exit.ts';
import { warnIfExposed } from './exposure.ts';
import type { RunningService, ServiceOptions } from './lifecycle.ts';
import { flushOutput } from './output.ts';
import { onParentGone, tellParent } from './parent.ts';

// Whoever stops a service waits for its end; a reader that takes nothing must not hold it up.
const FLUSH_LIMIT_MS = 2000;

/**
 * One run of a service, from start to exit.
 *
 *     starting --start resolves--> ready --end()--> draining --drained or cut--> exit
 *        |                                             ^
 *        +---------------------end()-------------------+
 */
export class ServiceRun {
  readonly #options: ServiceOptions;
  readonly #stop = new AbortController();
  /** Undefined when the start was given up because the service is to end. */
  readonly #service = Promise.withResolvers<RunningService | undefined>();
  #readiness: Readiness = 'starting';
  #admin: AdminServer | undefined;
  #ending: Promise<void> | undefined;
  #exitCode: number = EXIT.ok;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** Brings the service up. Rejects when that fails, unless the service is ending: then it fails the drain. */
  async start(): Promise<void> {
    const { log, admin, start } = this.#options;
    onParentGone(() => void this.end('parent gone'));
    try {
      this.#admin = await openAdmin(admin, log, () => this.#readiness);
      this.#stop.signal.throwIfAborted();
      const service = await start({ log, signal: this.#stop.signal });
      this.#service.resolve(service);
      this.#watch(service);
      if (!this.#stop.signal.aborted) this.#announce(service.endpoints);
    } catch (error) {
      await this.#startFailed(error);
    }
  }

  /** Drains and exits, once: whoever asks meanwhile joins. */
  end(reason: string): Promise<void> {
    // Not before this is set: the first line of the end can find that nobody reads the log, which asks for the end.
    this.#ending ??= Promise.resolve().then(() => this.#endOnce(reason));
    return this.#ending;
  }

  /** Nothing is left that could happen: a service that is up is done, a start that still waits never will be. */
  idle(): Promise<void> {
    this.#service.reject(new Error('the start waits for something that cannot happen any more'));
    return this.end('nothing left to do');
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
    log.info({ endpoints }, 'listening');
    warnIfExposed(log, endpoints);
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

  async #endOnce(reason: string): Promise<void> {
    const { log, drainTimeoutMs } = this.#options;
    this.#readiness = 'draining';
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
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
