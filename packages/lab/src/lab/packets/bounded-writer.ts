/** Writes up to so many bytes, and nothing more once a write has failed. */
export class BoundedWriter {
  readonly maxBytes: number;
  readonly #write: (bytes: Uint8Array) => void;
  #writtenBytes = 0;
  #failure: { readonly error: unknown } | undefined;
  #isFull = false;

  constructor(write: (bytes: Uint8Array) => void, maxBytes: number) {
    this.#write = write;
    this.maxBytes = maxBytes;
  }

  /** Whether something did not fit. */
  get isFull(): boolean {
    return this.#isFull;
  }

  write(bytes: Uint8Array): void {
    if (this.#isFull || this.#failure !== undefined) return;
    this.#isFull = this.#writtenBytes + bytes.length > this.maxBytes;
    if (this.#isFull) return;
    this.#writtenBytes += bytes.length;
    try {
      this.#write(bytes);
    } catch (error) {
      this.#failure = { error };
    }
  }

  /** @throws what a write threw. */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
