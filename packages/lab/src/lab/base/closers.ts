/** Everything that was opened, and how to close it. */
export interface Closers {
  /** Adds what closes the thing just opened. What is opened after `closeAll` is closed at once. */
  add(close: () => Promise<void>): void;
  /** Closes all; resolves when nothing is left. Rejects with an AggregateError, all others closed, when something cannot be. */
  closeAll(): Promise<void>;
}

/** The run that something is opened for. */
export interface RunScope {
  /** Aborts when the time limit is reached or the run is over: nothing may wait longer. */
  readonly signal: AbortSignal;
  /** Calls `close` when the run is over, however it ends; at once when it is over already. */
  onClose(close: () => Promise<void>): void;
}

/** Makes {@link Closers}. */
export function createClosers(): Closers {
  const open: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const closeEach = async (): Promise<void> => {
    // A failure must not leave the rest open: all are closed, then the failures are told.
    const results = await Promise.allSettled(open.map((close) => close()));
    const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  };
  return {
    add(close) {
      if (closing === undefined) open.push(close);
      else closing = Promise.all([closing, close()]).then(() => undefined);
    },
    closeAll: () => (closing ??= closeEach()),
  };
}
