import { MAX_RESERVED_BYTES } from '../limits.ts';
import { copyBytes } from './copy-bytes.ts';
import { LONG_BYTES } from './slab.ts';
import type { Bytes, BytesIn } from '../codec.ts';
import type { Slabs } from './slab.ts';

const EMPTY: Bytes = new Uint8Array(0);

/** Largest memory that is kept from one frame to the next during a stream, in bytes. */
const MAX_KEPT_BYTES = 65_536;

/** Initial memory for a long frame, or one of unknown length. */
const FIRST_BYTES = 256;

/**
 * The bytes of one frame that arrives in several chunks, in one private buffer.
 *
 * It grows with the bytes received, never with the length that a header declares: by doubling, to at most twice the bytes received, {@link
 * MAX_RESERVED_BYTES}, or up to 64 KiB the length of the previous frame. Doubling keeps the total work linear however small the chunks
 * are, and no chunk of the caller is kept.
 */
export class Accumulator {
  /** Bytes held. */
  length = 0;
  /** The memory itself. */
  bytes: Bytes = EMPTY;
  /** Length of `bytes`. */
  #capacity = 0;
  /** Length of the last frame: the stream may reserve as much for the next. */
  #earnedBytes = 0;

  /**
   * Appends `chunk[start, end)`.
   *
   * @param expected the final length: growth stops there, so that the result needs no trimming.
   */
  append(chunk: BytesIn, start: number, end: number, expected: number): void {
    const { length } = this;
    // A cursor showed the last frame, and its reader may have transferred it.
    if (length === 0 && this.bytes.length !== this.#capacity) this.#free();
    const newLength = length + (end - start);
    if (newLength > this.#capacity) this.#grow(newLength, expected);
    copyBytes(chunk, start, end, this.bytes, length);
    this.length = newLength;
  }

  /**
   * Appends a whole chunk.
   *
   * @param byteLength its length: where chunks are of several classes, it is dear to ask for.
   * @param missing how many bytes will then be missing.
   */
  appendAll(chunk: BytesIn, byteLength: number, missing: number): void {
    const { length } = this;
    // A peer that sends byte by byte must not cost a call of `append` for each.
    if (byteLength === 1 && length > 0 && length < this.#capacity) {
      this.bytes[length] = chunk[0]!;
      this.length = length + 1;
      return;
    }
    this.append(chunk, 0, byteLength, length + byteLength + missing);
  }

  /** Starts over. The memory stays readable as `bytes` until the next append, which overwrites it unless it was taken. */
  restart(): void {
    this.length = 0;
  }

  /**
   * Returns the first `byteLength` bytes, and starts over.
   *
   * @param slabs where a copy gets its memory, so that this one can be kept for the next frame; by default the collected memory itself is returned.
   */
  take(byteLength: number = this.length, slabs?: Slabs): Bytes {
    const held = this.bytes;
    this.length = 0;
    this.#earnedBytes = Math.min(byteLength, MAX_KEPT_BYTES);
    // A copy of a long frame would cost more than new memory for the next one.
    const isLong = held.length > LONG_BYTES;
    if (byteLength === held.length && (isLong || slabs === undefined)) {
      this.#free();
      return held;
    }
    if (slabs === undefined || held.length > MAX_KEPT_BYTES) this.#free();
    const bytes = slabs === undefined ? new Uint8Array(byteLength) : slabs.carve(byteLength);
    copyBytes(held, 0, byteLength, bytes, 0);
    return bytes;
  }

  /** Releases empty memory unless it is small: an idle stream must not keep its last frame alive. */
  relax(): void {
    if (this.length === 0 && this.bytes.length > MAX_RESERVED_BYTES) this.#free();
  }

  /** Releases everything. */
  clear(): void {
    this.#free();
    this.length = 0;
  }

  /** A view of the held bytes, valid until the next call. */
  peek(): Bytes {
    return this.bytes.subarray(0, this.length);
  }

  #grow(length: number, expected: number): void {
    const isReserved = this.length === 0 && expected <= Math.max(MAX_RESERVED_BYTES, this.#earnedBytes);
    const capacity = Math.max(length, isReserved ? expected : Math.min(expected, Math.max(length * 2, FIRST_BYTES)));
    const grown = new Uint8Array(capacity);
    copyBytes(this.bytes, 0, this.length, grown, 0);
    this.bytes = grown;
    this.#capacity = capacity;
  }

  #free(): void {
    this.bytes = EMPTY;
    this.#capacity = 0;
  }
}
