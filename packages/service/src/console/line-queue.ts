/** Lines that may wait to be asked for: input that is typed or piped ahead stays bounded. */
export const MAX_WAITING_LINES = 1000;

/** Lines between the input and those who ask for them, both in order. */
export interface LineQueue {
  /** A line arrived. */
  push(line: string): void;
  /** No more lines follow; those in the queue can still be asked for. */
  end(): void;
  /** Drops the lines in the queue. */
  drop(): void;
  /** The next line; undefined once the input ended and every line was taken. Rejects with the signal's reason. */
  ask(signal?: AbortSignal): Promise<string | undefined>;
  /** Lines not asked for yet. */
  readonly waitingLines: number;
  /** Whether somebody waits for a line. */
  readonly isAsked: boolean;
  /** Resolves once the input ended and every line was taken. */
  readonly ended: Promise<void>;
}

interface Ask {
  answer(line: string | undefined): void;
}

/** @param onChange - Called after every change of `waitingLines` or `isAsked`. */
export function createLineQueue(onChange: () => void): LineQueue {
  const lines: string[] = [];
  const asks: Ask[] = [];
  const ended = Promise.withResolvers<void>();
  let hasEnded = false;

  const canAnswer = () => asks.length > 0 && (lines.length > 0 || hasEnded);
  const settle = () => {
    while (canAnswer()) asks.shift()?.answer(lines.shift());
    if (hasEnded && lines.length === 0) ended.resolve();
    onChange();
  };
  return {
    push: (line) => {
      lines.push(line);
      settle();
    },
    end: () => {
      hasEnded = true;
      settle();
    },
    drop: () => {
      lines.length = 0;
      settle();
    },
    ask: (signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const onAbort = () => {
          asks.splice(asks.indexOf(ask), 1);
          reject(signal?.reason);
          onChange();
        };
        const ask: Ask = {
          answer: (line) => {
            signal?.removeEventListener('abort', onAbort);
            resolve(line);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        asks.push(ask);
        settle();
      }),
    get waitingLines() {
      return lines.length;
    },
    get isAsked() {
      return asks.length > 0;
    },
    ended: ended.promise,
  };
}
