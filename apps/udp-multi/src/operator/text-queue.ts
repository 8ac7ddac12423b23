/** Texts of an operator between the line that brings them and the session that asks for them, in order. */
export interface TextQueue {
  /** Adds a text; false when there is no room, and then it is not kept. */
  add(text: string): boolean;
  /** No more come. */
  end(): void;
  /** The next text; `undefined` after the last. Rejects with the signal's reason. */
  ask(signal?: AbortSignal): Promise<string | undefined>;
  /** Resolves when no more come and all were taken. */
  readonly ended: Promise<void>;
}

/** Makes a {@link TextQueue} that keeps at most `max` texts nobody asked for. */
export function createTextQueue(max: number): TextQueue {
  const texts: string[] = [];
  const asking: ((text: string | undefined) => void)[] = [];
  const ended = Promise.withResolvers<void>();
  let hasEnded = false;
  const canAnswer = (): boolean => asking.length > 0 && (texts.length > 0 || hasEnded);
  const settle = (): void => {
    while (canAnswer()) asking.shift()?.(texts.shift());
    if (hasEnded && texts.length === 0) ended.resolve();
  };
  return {
    add(text) {
      if (texts.length >= max) return false;
      texts.push(text);
      settle();
      return true;
    },
    end() {
      hasEnded = true;
      settle();
    },
    ask: (signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const cancel = (): void => {
          asking.splice(asking.indexOf(answer), 1);
          reject(signal?.reason);
        };
        const answer = (text: string | undefined): void => {
          signal?.removeEventListener('abort', cancel);
          resolve(text);
        };
        signal?.addEventListener('abort', cancel, { once: true });
        asking.push(answer);
        settle();
      }),
    ended: ended.promise,
  };
}
