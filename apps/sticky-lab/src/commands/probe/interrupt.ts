const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The result of work that a person may interrupt. */
export type Interruptible<Result> = { readonly kind: 'done'; readonly result: Result } | { readonly kind: 'interrupted' };

/**
 * Runs `work` with a signal that the first Ctrl-C (SIGINT) or SIGTERM aborts; work that then rejects with its reason, or
 * any AbortError, was interrupted. A second one has its default effect: it ends the process at once.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Interruptible<Result>> {
  const { signal, forget } = firstSignal();
  try {
    return { kind: 'done', result: await work(signal) };
  } catch (error) {
    if (!signal.aborted || !isAbort(error)) throw error;
    return { kind: 'interrupted' };
  } finally {
    forget();
  }
}

/** Runs `work` with a signal that the first Ctrl-C (SIGINT) or SIGTERM aborts, upon which it ends early; a second one ends the process. */
export async function stoppable<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const { signal, forget } = firstSignal();
  try {
    return await work(signal);
  } finally {
    forget();
  }
}

/** A signal that the first SIGINT or SIGTERM aborts; the next one has its default effect. */
function firstSignal(): { readonly signal: AbortSignal; readonly forget: () => void } {
  const interrupt = new AbortController();
  const forget = (): void => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
  const onSignal = (): void => {
    forget();
    interrupt.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return { signal: interrupt.signal, forget };
}

/** The reason of the signal is an AbortError too; timers and events reject with one of their own. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
