import { MIN_ACCUMULATOR_BYTES } from './limits.ts';
import type { Bytes, BytesIn } from './codec.ts';

const EMPTY: Bytes = new Uint8Array(0);

/**
 * The bytes of one frame that arrives in several chunks, in one owned buffer.
 *
 * It grows with what was received, never with what a header declared: at most twice the bytes received, or one page.
 * Doubling keeps the total work linear however small the chunks are, and no chunk of the caller is ever kept.
 */
export class Accumulator {
  /** Bytes held. */
  length = 0;
  #bytes: Bytes = EMPTY;

  /**
   * Appends `chunk[start, end)`.
   *
   * @param expected the length that the whole will have: growth stops there, so that the result needs no trimming.
   */
  append(chunk: BytesIn, start: number, end: number, expected: number): void {
    const length = this.length + (end - start);
    if (length > this.#bytes.length) this.#grow(length, expected);
    this.#bytes.set(chunk.subarray(start, end), this.length);
    this.length = length;
  }

  /** Hands the bytes over and starts anew. */
  take(): Bytes {
    const { length } = this;
    const bytes = length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, length);
    this.#bytes = EMPTY;
    this.length = 0;
    return bytes;
  }

  /** A view of what is held, good until the next call. */
  peek(): Bytes {
    return this.#bytes.subarray(0, this.length);
  }

  #grow(length: number, expected: number): void {
    const capacity = Math.max(length, Math.min(expected, Math.max(length * 2, MIN_ACCUMULATOR_BYTES)));
    const grown = new Uint8Array(capacity);
    grown.set(this.peek());
    this.#bytes = grown;
  }
}
