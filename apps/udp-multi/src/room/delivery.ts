/** Somebody who gets what others say. */
export interface Receiver {
  /** Who it is, across all replicas. */
  readonly id: number;
}

/** Options of {@link createDelivery}. */
export interface DeliveryOptions<To extends Receiver> {
  readonly give: (receiver: To, message: Uint8Array) => void;
  /** Copies given in one turn of the event loop. @defaultValue 256 */
  readonly copiesPerTurn?: number;
  /** Copies that may wait for their turn; a message that would be more is refused. @defaultValue 65_536 */
  readonly maxWaiting?: number;
}

/**
 * Gives messages to many receivers, so many copies in a turn of the event loop: whatever is to be given, everything else of the
 * process has its turn in between.
 */
export interface Delivery<To extends Receiver> {
  /**
   * Gives a message to every receiver but its author, in order, behind the messages before it.
   *
   * @param author - Its id; 0 is nobody, and then all get it.
   * @returns To how many it is given; `undefined`, and to nobody, when too many copies wait.
   */
  deliver(message: Uint8Array, author: number, receivers: readonly To[]): number | undefined;
  readonly waitingCopies: number;
  /** Resolves when no copy waits, or when the signal aborts: those that wait are then thrown away. Returns how many were. */
  delivered(signal: AbortSignal): Promise<number>;
}

const COPIES_PER_TURN = 256;
const MAX_WAITING = 65_536;

/** Makes a {@link Delivery}. */
export function createDelivery<To extends Receiver>(options: DeliveryOptions<To>): Delivery<To> {
  return new TurnDelivery(options);
}

interface Job<To extends Receiver> {
  readonly message: Uint8Array;
  readonly author: number;
  readonly receivers: readonly To[];
  next: number;
}

class TurnDelivery<To extends Receiver> implements Delivery<To> {
  waitingCopies = 0;
  readonly #give: (receiver: To, message: Uint8Array) => void;
  readonly #copiesPerTurn: number;
  readonly #maxWaiting: number;
  #jobs: Job<To>[] = [];
  /** What may still be given in this turn. */
  #left: number;
  #hasNextTurn = false;
  #whenDelivered: (() => void)[] = [];

  constructor({ give, copiesPerTurn = COPIES_PER_TURN, maxWaiting = MAX_WAITING }: DeliveryOptions<To>) {
    this.#give = give;
    this.#copiesPerTurn = copiesPerTurn;
    this.#maxWaiting = maxWaiting;
    this.#left = copiesPerTurn;
  }

  deliver(message: Uint8Array, author: number, receivers: readonly To[]): number | undefined {
    if (this.waitingCopies + receivers.length > this.#maxWaiting) return undefined;
    this.#jobs.push({ message, author, receivers, next: 0 });
    this.waitingCopies += receivers.length;
    this.#giveSome();
    return receivers.some(({ id }) => id === author) ? receivers.length - 1 : receivers.length;
  }

  async delivered(signal: AbortSignal): Promise<number> {
    if (this.waitingCopies > 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#whenDelivered.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
    }
    const lost = this.waitingCopies;
    this.#jobs = [];
    this.waitingCopies = 0;
    return lost;
  }

  #giveSome(): void {
    while (this.#jobs.length > 0 && this.#left > 0) {
      const job = this.#jobs[0]!;
      const end = Math.min(job.receivers.length, job.next + this.#left);
      this.#left -= end - job.next;
      this.waitingCopies -= end - job.next;
      for (; job.next < end; job.next++) {
        const receiver = job.receivers[job.next]!;
        if (receiver.id !== job.author) this.#give(receiver, job.message);
      }
      if (job.next === job.receivers.length) this.#jobs.shift();
    }
    // Also when nothing waits: what was given counts for this turn.
    if (this.#hasNextTurn) return;
    this.#hasNextTurn = true;
    setImmediate(() => {
      this.#hasNextTurn = false;
      this.#left = this.#copiesPerTurn;
      if (this.waitingCopies > 0) this.#giveSome();
      else for (const resolve of this.#whenDelivered.splice(0)) resolve();
    });
  }
}
