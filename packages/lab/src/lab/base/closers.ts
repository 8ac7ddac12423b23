/** Keeps what a run opened, and closes it. */
export interface Closers {
  /** Adds a close function for a resource just opened. After `closeAll`, it is called at once. */
  add(close: () => Promise<void>): void;
  /** Closes everything. Rejects with an AggregateError if something cannot be closed; all others are closed. */
  closeAll(): Promise<void>;
}

/** The run that resources belong to. */
export interface RunScope {
  /** Aborts at the time limit or at the end of the run. Nothing may wait longer. */
  readonly signal: AbortSignal;
  /** Calls `close` when the run ends, for whatever reason; at once if it has ended. */
  onClose(close: () => Promise<void>): void;
  /** Says that the run uses this port, before anything is sent to or from it: whoever captures packets must know which are its own. */
  usesPort(transport: 'tcp' | 'udp', port: number): void;
}

/** Creates {@link Closers}. */
export function createClosers(): Closers {
  const open: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const closeEach = async (): Promise<void> => {
    // A failure must not leave the rest open: close all, then report the failures.
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
