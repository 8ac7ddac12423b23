import type { Logger } from '../log/logger.ts';
import type { RunningService } from '../service.ts';

/** Reloads a service, one reload at a time: requests during a reload become one more, after it. */
export class Reloads {
  readonly #log: Logger;
  readonly #running: () => RunningService | undefined;
  #isWanted = false;
  #underWay: Promise<void> | undefined;

  /** @param running - The service, while it is up and not ending. */
  constructor(log: Logger, running: () => RunningService | undefined) {
    this.#log = log;
    this.#running = running;
  }

  /** Resolves when the service has reloaded after this call, or failed to, which is logged. */
  ask(): Promise<void> {
    this.#isWanted = true;
    this.#underWay ??= this.#whileWanted();
    return this.#underWay;
  }

  async #whileWanted(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#once();
    }
    this.#underWay = undefined;
  }

  async #once(): Promise<void> {
    const service = this.#running();
    if (service?.reload === undefined) {
      this.#log.info({ reason: service === undefined ? 'not up' : 'nothing to reload' }, 'SIGHUP ignored');
      return;
    }
    const startedAt = performance.now();
    try {
      if (await service.reload()) this.#log.info({ durationMs: Math.round(performance.now() - startedAt) }, 'reloaded');
    } catch (error) {
      this.#log.error({ err: error }, 'reload failed: the previous settings stay');
    }
  }
}
