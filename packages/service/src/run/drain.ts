import type { Logger } from '../log/logger.ts';

/** What {@link drainWithin} drains. */
export interface DrainOptions {
  readonly log: Logger;
  /** Why the service ends, for the log. */
  readonly reason: string;
  /** How long work in flight may take, in milliseconds. What is left after that is cut. */
  readonly drainTimeoutMs: number;
  /** Lets work in flight finish; cuts it when the signal aborts. */
  readonly drain: (signal: AbortSignal) => Promise<void>;
}

// Cutting connections takes moments. A drain that is not done by then is a bug: waiting longer does not help.
const CUT_TIMEOUT_MS = 2000;

/**
 * Drains a service, and logs `drained` with the reason and how long it took.
 * @throws What the drain throws, or Error when the drain does not end after its signal aborted.
 */
export async function drainWithin(options: DrainOptions): Promise<void> {
  const { log, reason, drainTimeoutMs, drain } = options;
  const startedAt = performance.now();
  log.info({ reason, drainTimeoutMs }, 'draining');
  const cut = new AbortController();
  const tooLong = Promise.withResolvers<never>();
  let timer = setTimeout(() => {
    log.warn({ drainTimeoutMs }, 'drain timeout: aborting what is left');
    timer = setTimeout(() => tooLong.reject(stuckError()), CUT_TIMEOUT_MS);
    cut.abort(new DOMException(`not drained within ${drainTimeoutMs} ms`, 'TimeoutError'));
  }, drainTimeoutMs);
  try {
    await Promise.race([drain(cut.signal), tooLong.promise]);
  } finally {
    clearTimeout(timer);
  }
  const durationMs = Math.round(performance.now() - startedAt);
  log.info({ reason, durationMs, cut: cut.signal.aborted }, 'drained');
}

function stuckError(): Error {
  return new Error(`the drain did not end within ${CUT_TIMEOUT_MS} ms of being aborted`);
}
