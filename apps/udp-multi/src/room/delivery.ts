/** A receiver of messages. */
export interface Receiver {
  /** Its id, unique across all replicas. */
  readonly id: number;
}

/** Options of {@link createDelivery}. */
export interface DeliveryOptions<To extends Receiver> {
  readonly give: (receiver: To, message: Uint8Array) => void;
  /** Copies delivered in one turn of the event loop. @defaultValue 256 */
  readonly copiesPerTurn?: number;
  /** Copies that may wait. @defaultValue 65_536 */
  readonly maxCopies?: number;
  /** Messages that may wait: bounds their memory even with few receivers. @defaultValue 4096 */
  readonly maxMessages?: number;
}

/**
 * Delivers messages to many receivers, a limited number of copies in a turn of the event loop: the rest of the process gets
 * its turn in between.
 */
export interface Delivery<To extends Receiver> {
  /** Whether a message to this many receivers may be queued. */
  hasRoomFor(receivers: number): boolean;
  /**
   * Delivers a message to every receiver but its author, in order, after earlier messages. The caller has checked {@link
   * Delivery.hasRoomFor}, and gives up the memory of the message.
   *
   * @param author - Its id; 0 is nobody, and then all get it.
   */
  deliver(message: Uint8Array, author: number, receivers: readonly To[]): void;
  /** Resolves when no copy waits, or when the signal aborts: waiting copies are dropped then. Returns how many were. */
  delivered(signal: AbortSignal): Promise<number>;
}

const COPIES_PER_TURN = 256;
const MAX_COPIES = 65_536;
const MAX_MESSAGES = 4096;

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
  #waiting = 0;
  readonly #give: (receiver: To, message: Uint8Array) => void;
  readonly #copiesPerTurn: number;
  readonly #maxCopies: number;
  readonly #maxMessages: number;
  #jobs: Job<To>[] = [];
  /** Copies left in this turn. */
  #left: number;
  #hasNextTurn = false;
  #whenDelivered: (() => void)[] = [];

  constructor({ give, copiesPerTurn = COPIES_PER_TURN, maxCopies = MAX_COPIES, maxMessages = MAX_MESSAGES }: DeliveryOptions<To>) {
    this.#give = give;
    this.#copiesPerTurn = copiesPerTurn;
    this.#maxCopies = maxCopies;
    this.#maxMessages = maxMessages;
    this.#left = copiesPerTurn;
  }

  hasRoomFor(receivers: number): boolean {
    if (this.#jobs.length >= this.#maxMessages) return false;
    // One message is always accepted: a room can have more members than copies may wait.
    return this.#waiting === 0 || this.#waiting + receivers <= this.#maxCopies;
  }

  deliver(message: Uint8Array, author: number, receivers: readonly To[]): void {
    if (receivers.length === 0) return;
    this.#jobs.push({ message, author, receivers, next: 0 });
    this.#waiting += receivers.length;
    this.#giveSome();
  }

  async delivered(signal: AbortSignal): Promise<number> {
    if (this.#waiting > 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#whenDelivered.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
    }
    const lost = this.#waiting;
    this.#jobs = [];
    this.#waiting = 0;
    return lost;
  }

  #giveSome(): void {
    while (this.#jobs.length > 0 && this.#left > 0) {
      const job = this.#jobs[0]!;
      const end = Math.min(job.receivers.length, job.next + this.#left);
      this.#left -= end - job.next;
      this.#waiting -= end - job.next;
      for (; job.next < end; job.next++) {
        const receiver = job.receivers[job.next]!;
        if (receiver.id !== job.author) this.#give(receiver, job.message);
      }
      if (job.next === job.receivers.length) this.#jobs.shift();
    }
    // Also when nothing waits: what was delivered counts for this turn.
    if (this.#hasNextTurn) return;
    this.#hasNextTurn = true;
    setImmediate(() => {
      this.#hasNextTurn = false;
      this.#left = this.#copiesPerTurn;
      if (this.#waiting > 0) this.#giveSome();
      else for (const resolve of this.#whenDelivered.splice(0)) resolve();
    });
  }
}
