/** What came first: the value of a promise, or the end of the wait. */
export type UnlessLeft<Value> = { readonly isLeft: false; readonly value: Value } | { readonly isLeft: true };

/**
 * Waits for a promise until a signal aborts. The later result of the promise is ignored; earlier rejections are passed
 * on.
 */
export function unlessLeft<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<UnlessLeft<Value>> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve({ isLeft: true });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    // Not Promise.race: that would keep every promise for as long as the signal lives.
    promise.then((value) => resolve({ isLeft: false, value }), reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
