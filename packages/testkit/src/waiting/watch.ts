/** Longest wait of this package, in milliseconds. A limit for what never happens, not a pause. */
const DEADLINE_MS = 20_000;

/** Turns "something changed" events into waits for a condition. */
export interface Watch {
  /** Call after every change: waits whose condition now holds resolve. */
  changed(): void;
  /** Call when nothing will change any more: pending and later waits reject; an error is passed on. */
  ended(reason: string | Error): void;
  /**
   * Resolves with the result of `check`, as soon as that is not `undefined`: at once when the condition already
   * holds. Rejects at the end or the deadline; the message is `waited for <what>`, why, and `describe()`.
   */
  until<T>(what: string, check: () => T | undefined): Promise<T>;
}

/** Options of {@link createWatch}. */
export interface WatchOptions {
  /** Everything seen so far, for the message of a wait that fails. */
  readonly describe: () => string;
  /** Longest wait, in milliseconds. @defaultValue 20_000 */
  readonly deadlineMs?: number | undefined;
}

/** Makes a {@link Watch}. */
export function createWatch({ describe, deadlineMs = DEADLINE_MS }: WatchOptions): Watch {
  return new EventWatch(describe, deadlineMs);
}

interface Waiter {
  attempt(): void;
  fail(reason: string | Error): void;
}

class EventWatch implements Watch {
  readonly #waiters = new Set<Waiter>();
  readonly #describe: () => string;
  readonly #deadlineMs: number;
  #ended: string | Error | undefined;

  constructor(describe: () => string, deadlineMs: number) {
    this.#describe = describe;
    this.#deadlineMs = deadlineMs;
  }

  changed(): void {
    for (const waiter of this.#waiters) waiter.attempt();
  }

  ended(reason: string | Error): void {
    this.changed();
    this.#ended = reason;
    for (const waiter of this.#waiters) waiter.fail(reason);
  }

  until<T>(what: string, check: () => T | undefined): Promise<T> {
    // Created here, not on failure: the stack then names the test's own line.
    const failure = new Error();
    return new Promise<T>((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(deadline);
        this.#waiters.delete(waiter);
        finish();
      };
      const waiter: Waiter = {
        attempt: () => {
          try {
            const found = check();
            if (found !== undefined) settle(() => resolve(found));
          } catch (error) {
            // A condition of a test may throw; that is this wait's failure, not the process's.
            settle(() => reject(error instanceof Error ? error : new Error('check failed', { cause: error })));
          }
        },
        fail: (reason) => {
          if (reason instanceof Error) return settle(() => reject(reason));
          failure.message = `waited for ${what}, but ${reason}\n${this.#describe()}`;
          settle(() => reject(failure));
        },
      };
      const deadline = setTimeout(() => waiter.fail(`it did not come within ${this.#deadlineMs} ms`), this.#deadlineMs);
      this.#waiters.add(waiter);
      waiter.attempt();
      if (this.#ended !== undefined && this.#waiters.has(waiter)) waiter.fail(this.#ended);
    });
  }
}
