import { copyBytes } from './copy-bytes.ts';
import { MAX_RESERVED_BYTES } from './limits.ts';
import { recycle, takeRecycled } from './recycled.ts';
import type { Bytes, BytesIn } from './codec.ts';

const EMPTY: Bytes = new Uint8Array(0);

const own = (byteLength: number): Bytes => new Uint8Array(byteLength);

/** First size of the memory of a long frame, or of one whose length is not known yet. */
const FIRST_BYTES = 256;

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
    const { length } = this;
    const newLength = length + (end - start);
    if (newLength > this.#bytes.length) this.#grow(newLength, expected);
    copyBytes(chunk, start, end, this.#bytes, length);
    this.length = newLength;
  }

  /**
   * Appends a whole chunk.
   *
   * @param missing how many bytes will then be missing of the whole.
   */
  appendAll(chunk: BytesIn, missing: number): void {
    const { length } = this;
    const byteLength = chunk.length;
    // A peer that sends byte by byte must not cost a call into `append` for each.
    if (byteLength === 1 && length < this.#bytes.length) {
      this.#bytes[length] = chunk[0]!;
      this.length = length + 1;
      return;
    }
    this.append(chunk, 0, byteLength, length + byteLength + missing);
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
    if (this.length > 0 || this.#bytes.length <= MAX_RESERVED_BYTES) return;
    recycle(this.#bytes);
    this.#bytes = EMPTY;
  }

  /** A view of what is held, good until the next call. */
  peek(): Bytes {
    return this.#bytes.subarray(0, this.length);
  }

  #trimmed(byteLength: number): Bytes {
    const bytes = byteLength > MAX_RESERVED_BYTES ? new Uint8Array(byteLength) : this.#reserve(byteLength);
    copyBytes(this.#bytes, 0, byteLength, bytes, 0);
    return bytes;
  }

  #grow(length: number, expected: number): void {
    const isShort = this.length === 0 && expected <= MAX_RESERVED_BYTES;
    const capacity = Math.max(length, isShort ? expected : Math.min(expected, Math.max(length * 2, FIRST_BYTES)));
    const grown = capacity <= MAX_RESERVED_BYTES ? this.#reserve(capacity) : (takeRecycled(capacity) ?? new Uint8Array(capacity));
    copyBytes(this.#bytes, 0, this.length, grown, 0);
    if (this.#bytes.length > MAX_RESERVED_BYTES) recycle(this.#bytes);
    this.#bytes = grown;
  }
}
