import { MAX_RESERVED_BYTES } from './limits.ts';
import type { Bytes, BytesIn } from './codec.ts';

const EMPTY: Bytes = new Uint8Array(0);

const own = (byteLength: number): Bytes => new Uint8Array(byteLength);

/** First size of the memory of a long frame, or of one whose length is not known yet. */
const FIRST_BYTES = 256;

/** Below this many bytes a loop beats `set`, which costs a call into the engine. */
const LOOP_BYTES = 24;

/**
 * The bytes of one frame that arrives in several chunks, in one owned buffer.
 *
 * It grows with what was received, never with what a header declared: by doubling, to at most twice the bytes received or
 * {@link MAX_RESERVED_BYTES}. Doubling keeps the total work linear however small the chunks are, and no chunk of the caller is
 * ever kept.
 */
export class Accumulator {
  /** Bytes held. */
  length = 0;
  readonly #reserve: (byteLength: number) => Bytes;
  #bytes: Bytes = EMPTY;

  /** @param reserve - where the memory of a small frame comes from; by default each has its own. */
  constructor(reserve: (byteLength: number) => Bytes = own) {
    this.#reserve = reserve;
  }

  /** The memory itself. */
  get bytes(): Bytes {
    return this.#bytes;
  }

  /**
   * Appends `chunk[start, end)`.
   *
   * @param expected the length that the whole will have: growth stops there, so that the result needs no trimming.
   */
  append(chunk: BytesIn, start: number, end: number, expected: number): void {
    const length = this.length + (end - start);
    if (length > this.#bytes.length) this.#grow(length, expected);
    if (end - start < LOOP_BYTES) {
      const bytes = this.#bytes;
      for (let from = start, to = this.length; from < end; from++, to++) bytes[to] = chunk[from]!;
    } else {
      this.#bytes.set(chunk.subarray(start, end), this.length);
    }
    this.length = length;
  }

  /** Appends a whole chunk. */
  appendAll(chunk: BytesIn, expected: number): void {
    const length = this.length + chunk.length;
    if (length > this.#bytes.length) this.#grow(length, expected);
    if (chunk.length < LOOP_BYTES) {
      const bytes = this.#bytes;
      for (let from = 0, to = this.length; to < length; from++, to++) bytes[to] = chunk[from]!;
    } else {
      this.#bytes.set(chunk, this.length);
    }
    this.length = length;
  }

  /** Starts anew. The memory stays readable as `bytes` until the next append, which writes over it unless it was taken. */
  restart(): void {
    this.length = 0;
  }

  /** Hands over the first `byteLength` bytes, and starts anew. */
  take(byteLength: number = this.length): Bytes {
    const bytes = byteLength === this.#bytes.length ? this.#bytes : this.#trimmed(byteLength);
    this.#bytes = EMPTY;
    this.length = 0;
    return bytes;
  }

  /** Gives up memory that nothing is held in, unless it is little: an idle stream must not keep its last frame alive. */
  relax(): void {
    if (this.length === 0 && this.#bytes.length > MAX_RESERVED_BYTES) this.#bytes = EMPTY;
  }

  /** A view of what is held, good until the next call. */
  peek(): Bytes {
    return this.#bytes.subarray(0, this.length);
  }

  #trimmed(byteLength: number): Bytes {
    if (byteLength > MAX_RESERVED_BYTES) return this.#bytes.slice(0, byteLength);
    const bytes = this.#reserve(byteLength);
    bytes.set(this.#bytes.subarray(0, byteLength));
    return bytes;
  }

  #grow(length: number, expected: number): void {
    const isShort = this.length === 0 && expected <= MAX_RESERVED_BYTES;
    const capacity = Math.max(length, isShort ? expected : Math.min(expected, Math.max(length * 2, FIRST_BYTES)));
    const grown = capacity <= MAX_RESERVED_BYTES ? this.#reserve(capacity) : new Uint8Array(capacity);
    grown.set(this.peek());
    this.#bytes = grown;
  }
}
