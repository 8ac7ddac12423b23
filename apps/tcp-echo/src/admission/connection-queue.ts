/** The result of waiting. */
export type Turn = 'granted' | 'left' | 'queue-timeout' | 'drain';

/** A client in the queue. */
export interface Waiter {
  /** Resolves when the client no longer waits. */
  readonly gone: Promise<void>;
  /** Called at once when it has to wait, with its position in the queue, from 1. */
  waits(position: number): void;
  /** Called with the position, at first and whenever it changes. */
  moved(position: number): void;
}

/** Serves one at a time, strictly in order of arrival. */
export interface ConnectionQueue {
  /** How many clients wait. */
  readonly waiting: number;
  /** Waits for a turn; a granted one must be given back with `release`. */
  turn(waiter: Waiter): Promise<Turn>;
  /** Ends a granted turn: the next in the queue is served. */
  release(): void;
}

/** Options of {@link createConnectionQueue}. */
export interface ConnectionQueueOptions {
  /** When it aborts, all waiting ends. */
  readonly draining: AbortSignal;
  /** Longest wait, in milliseconds; 0 is forever. */
  readonly timeoutMs: number;
}

interface Place {
  readonly waiter: Waiter;
  readonly resolve: (turn: Turn) => void;
}

/** Makes an empty queue. */
export function createConnectionQueue({ draining, timeoutMs }: ConnectionQueueOptions): ConnectionQueue {
  return new OneAtATime(draining, timeoutMs);
}

class OneAtATime implements ConnectionQueue {
  readonly #draining: AbortSignal;
  readonly #timeoutMs: number;
  readonly #places: Place[] = [];
  #isServing = false;

  constructor(draining: AbortSignal, timeoutMs: number) {
    this.#draining = draining;
    this.#timeoutMs = timeoutMs;
    draining.addEventListener('abort', () => {
      for (const { resolve } of this.#places.splice(0)) resolve('drain');
    });
  }

  get waiting(): number {
    return this.#places.length;
  }

  async turn(waiter: Waiter): Promise<Turn> {
    if (this.#draining.aborted) return 'drain';
    if (!this.#isServing) {
      this.#isServing = true;
      return 'granted';
    }
    let timer: NodeJS.Timeout | undefined;
    const turn = await new Promise<Turn>((resolve) => {
      const place = { waiter, resolve };
      this.#places.push(place);
      if (this.#timeoutMs > 0) timer = setTimeout(() => this.#leave(place, 'queue-timeout'), this.#timeoutMs);
      waiter.waits(this.#places.length);
      waiter.moved(this.#places.length);
      void waiter.gone.then(() => this.#leave(place, 'left'));
    });
    clearTimeout(timer);
    return turn;
  }

  release(): void {
    const next = this.#places.shift();
    if (next === undefined) {
      this.#isServing = false;
      return;
    }
    next.resolve('granted');
    this.#moveUpFrom(0);
  }

  #leave(place: Place, turn: Turn): void {
    const index = this.#places.indexOf(place);
    if (index < 0) return;
    this.#places.splice(index, 1);
    place.resolve(turn);
    this.#moveUpFrom(index);
  }

  #moveUpFrom(index: number): void {
    for (let at = index; at < this.#places.length; at++) this.#places[at]!.waiter.moved(at + 1);
  }
}

/** What a client is told of its position: `'you are number {pos}'`. */
export function fillNotice(notice: string, position: number): string {
  return notice.replaceAll('{pos}', String(position));
}
