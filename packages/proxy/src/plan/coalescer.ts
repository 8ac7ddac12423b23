/** Most bytes held to be sent together; more are sent at once. */
export const MAX_HELD_BYTES = 65_536;

/** When held bytes are released: after a number of reads, or after a time in milliseconds. */
export type Coalesce = { readonly kind: 'reads'; readonly reads: number } | { readonly kind: 'time'; readonly ms: number };

/** Holds reads and joins them into one. */
export class Coalescer {
  readonly #coalesce: Coalesce;
  #chunks: Buffer[] = [];
  #heldBytes = 0;

  constructor(coalesce: Coalesce) {
    this.#coalesce = coalesce;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Adds a read, copying what is held. @returns the bytes to send now. */
  push(memory: Buffer, byteLength: number): Buffer | undefined {
    this.#chunks.push(Buffer.from(memory.subarray(0, byteLength)));
    this.#heldBytes += byteLength;
    const isEnough = this.#coalesce.kind === 'reads' && this.#chunks.length >= this.#coalesce.reads;
    return isEnough || this.#heldBytes >= MAX_HELD_BYTES ? this.flush() : undefined;
  }

  /** Releases all held bytes. */
  flush(): Buffer | undefined {
    if (this.#heldBytes === 0) return undefined;
    const held = Buffer.concat(this.#chunks, this.#heldBytes);
    this.#chunks = [];
    this.#heldBytes = 0;
    return held;
  }
}
