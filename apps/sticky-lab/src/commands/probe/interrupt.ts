const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The result of work that a person may interrupt. */
export type Interruptible<Result> = { readonly kind: 'done'; readonly result: Result } | { readonly kind: 'interrupted' };

/**
 * Runs `work` with a signal that the first Ctrl-C (SIGINT) or SIGTERM aborts; work that then rejects with its reason, or
 * any AbortError, was interrupted. A second one has its default effect: it ends the process at once.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Interruptible<Result>> {
  const interrupt = new AbortController();
  const onSignal = (): void => {
    for (const name of SIGNALS) process.off(name, onSignal);
    interrupt.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return { kind: 'done', result: await work(interrupt.signal) };
  } catch (error) {
    if (!interrupt.signal.aborted || !isAbort(error)) throw error;
    return { kind: 'interrupted' };
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

/** The reason of the signal is an AbortError too; timers and events reject with one of their own. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
