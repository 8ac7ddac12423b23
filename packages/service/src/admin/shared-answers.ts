import { setImmediate as nextTurn } from 'node:timers/promises';

/** Answers that take some time to make, each made once for all that ask before it is begun. */
export interface SharedAnswers {
  /** @param make - is called in a later turn of the event loop: the answer knows all that happened before it was asked for. */
  ask(path: string, make: () => Promise<string>): Promise<string>;
}

/** Begins one answer in a turn of the event loop, so that any number of those that ask hold nobody up. */
export function createSharedAnswers(): SharedAnswers {
  const asked = new Map<string, Promise<string>>();
  let begun: Promise<unknown> = Promise.resolve();
  const begin = (path: string, make: () => Promise<string>): Promise<string> => {
    begun = begun.then(() => nextTurn());
    const answer = begun.then(() => {
      asked.delete(path);
      return make();
    });
    asked.set(path, answer);
    return answer;
  };
  return { ask: (path, make) => asked.get(path) ?? begin(path, make) };
}
