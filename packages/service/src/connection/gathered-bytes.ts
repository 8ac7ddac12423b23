/** First size of the memory, in bytes. */
const FIRST_BYTES = 256;

/**
 * Bytes that wait, gathered in one memory that doubles as they come: however small the pieces, at most twice the bytes are kept
 * (and 256 bytes). A list of pieces costs some hundred bytes for each piece of one.
 */
export interface GatheredBytes {
  readonly length: number;
  /** Copies `bytes[0, byteLength)` behind what is there. */
  add(bytes: Uint8Array, byteLength: number): void;
  /** Returns all of it, which the caller owns, and is empty. */
  take(): Buffer;
}

/** Makes an empty {@link GatheredBytes}, without memory. */
export function gatherBytes(): GatheredBytes {
  return new Gathered();
}

const NONE: Buffer = Buffer.alloc(0);

class Gathered implements GatheredBytes {
  length = 0;
  #memory: Buffer = NONE;

  add(bytes: Uint8Array, byteLength: number): void {
    const end = this.length + byteLength;
    if (end > this.#memory.length) this.#grow(end);
    this.#memory.set(byteLength === bytes.length ? bytes : bytes.subarray(0, byteLength), this.length);
    this.length = end;
  }

  take(): Buffer {
    const taken = this.#memory.subarray(0, this.length);
    this.#memory = NONE;
    this.length = 0;
    return taken;
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#memory.length * 2, FIRST_BYTES));
    this.#memory.copy(grown, 0, 0, this.length);
    this.#memory = grown;
  }
}
