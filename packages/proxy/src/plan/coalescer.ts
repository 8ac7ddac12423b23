/** Most bytes that are held to leave together; what is more leaves at once. */
export const MAX_HELD_BYTES = 65_536;

/** When bytes are held: until so many reads have come, or for so long. */
export type Coalesce = { readonly kind: 'reads'; readonly reads: number } | { readonly kind: 'time'; readonly ms: number };

/** Holds reads back to hand them on as one. */
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

  /** Takes a read, whose memory is not kept. @returns what leaves now. */
  push(memory: Buffer, byteLength: number): Buffer | undefined {
    this.#chunks.push(Buffer.from(memory.subarray(0, byteLength)));
    this.#heldBytes += byteLength;
    const isEnough = this.#coalesce.kind === 'reads' && this.#chunks.length >= this.#coalesce.reads;
    return isEnough || this.#heldBytes >= MAX_HELD_BYTES ? this.flush() : undefined;
  }

  /** Everything that is held. */
  flush(): Buffer | undefined {
    if (this.#heldBytes === 0) return undefined;
    const held = Buffer.concat(this.#chunks, this.#heldBytes);
    this.#chunks = [];
    this.#heldBytes = 0;
    return held;
  }
}
