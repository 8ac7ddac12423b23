const FIRST_BYTES = 65_536;

/** Bytes in one piece that more are added to, each copied about twice however many come. What was taken before stays as it is. */
export class GrowingBytes {
  #memory = new Uint8Array(FIRST_BYTES);
  #byteLength = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  /** All of them so far: a view, no copy. */
  get all(): Uint8Array {
    return this.#memory.subarray(0, this.#byteLength);
  }

  add(bytes: Uint8Array): void {
    const byteLength = this.#byteLength + bytes.length;
    if (byteLength > this.#memory.length) this.#grow(Math.max(byteLength, 2 * this.#memory.length));
    this.#memory.set(bytes, this.#byteLength);
    this.#byteLength = byteLength;
  }

  #grow(byteLength: number): void {
    const memory = new Uint8Array(byteLength);
    memory.set(this.all);
    this.#memory = memory;
  }
}
