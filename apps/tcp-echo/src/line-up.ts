/** What came of waiting. */
export type Turn = 'granted' | 'left' | 'drain';

/** Serves one at a time, strictly in order of arrival. */
export interface LineUp {
  /** How many wait. */
  readonly waiting: number;
  /** Waits for a turn, which must be given back with `release` when it was granted. A client that is `gone` leaves the line. */
  turn(gone: Promise<void>, position: (place: number) => void): Promise<Turn>;
  /** Ends a granted turn: the next in line is served. */
  release(): void;
}

/** Makes an empty line. When `draining` aborts, nobody waits any longer. */
export function createLineUp(draining: AbortSignal): LineUp {
  const waiting: ((turn: Turn) => void)[] = [];
  let isServing = false;
  draining.addEventListener('abort', () => {
    for (const resolve of waiting.splice(0)) resolve('drain');
  });
  const leave = (resolve: (turn: Turn) => void): void => {
    const place = waiting.indexOf(resolve);
    if (place < 0) return;
    waiting.splice(place, 1);
    resolve('left');
  };
  return {
    get waiting() {
      return waiting.length;
    },
    turn(gone, position) {
      if (draining.aborted) return Promise.resolve('drain');
      if (!isServing) {
        isServing = true;
        return Promise.resolve('granted');
      }
      return new Promise((resolve) => {
        waiting.push(resolve);
        position(waiting.length);
        void gone.then(() => leave(resolve));
      });
    },
    release() {
      const next = waiting.shift();
      if (next === undefined) isServing = false;
      else next('granted');
    },
  };
}
