import { MAX_PINNED_BYTES } from '../limits.ts';
import type { Bytes } from '../codec.ts';

/** Up to this size the engine keeps the bytes in its own heap, which is as fast as a slab. */
export const HEAP_BYTES = 64;

/** Longer payloads, in bytes, get memory of their own. Beside their copy it costs little, and of a slab they would leave too much unused. */
export const LONG_BYTES = 16_384;

const NONE = new ArrayBuffer(0);

/**
 * Owned memory for the payloads of one decoder that are not long, side by side in slabs of at most 64 KiB: a fresh buffer costs several times as
 * much as filling it. A payload that is kept keeps its slab alive.
 *
 * Slabs are private to their decoder, and returned memory is never read or written again: transferring the memory of a payload
 * affects only others of the same stream.
 */
export class Slabs {
  #memory = NONE;
  #used = 0;

  /** Memory for a payload of `byteLength` bytes. */
  carve(byteLength: number): Bytes {
    if (byteLength <= HEAP_BYTES || byteLength > LONG_BYTES) return new Uint8Array(byteLength);
    let offset = this.#used;
    // Transferred memory has no bytes left.
    if (offset + byteLength > this.#memory.byteLength) {
      // At most twice as large as the last one: memory follows what arrives.
      this.#memory = new ArrayBuffer(Math.max(byteLength, Math.min(MAX_PINNED_BYTES, 2 * this.#memory.byteLength)));
      offset = 0;
    }
    this.#used = offset + byteLength;
    return new Uint8Array(this.#memory, offset, byteLength);
  }
}
