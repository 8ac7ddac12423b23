import { MAX_PINNED_BYTES, MAX_RESERVED_BYTES } from '../limits.ts';
import type { Bytes } from '../codec.ts';

/** Up to here the engine keeps the bytes in its own heap, which is as quick as a slab. */
export const HEAP_BYTES = 64;

const NONE = new ArrayBuffer(0);

/**
 * Owned memory for the small payloads of one decoder, side by side in slabs of at most 64 KiB: a fresh buffer costs several times as much as
 * filling it. Whoever keeps a payload keeps its slab alive.
 *
 * Slabs are private to their decoder, and nothing in them is read or written again once it was handed out: who transfers the memory of a
 * payload takes along others of the same stream at most.
 */
export class Slabs {
  #memory = NONE;
  #used = 0;

  /** Memory for a payload of `byteLength` bytes. */
  carve(byteLength: number): Bytes {
    if (byteLength <= HEAP_BYTES || byteLength > MAX_RESERVED_BYTES) return new Uint8Array(byteLength);
    let offset = this.#used;
    // No bytes are left of memory that was transferred.
    if (offset + byteLength > this.#memory.byteLength) {
      // Twice as large as the last one at most: memory follows what arrives.
      this.#memory = new ArrayBuffer(Math.max(byteLength, Math.min(MAX_PINNED_BYTES, 2 * this.#memory.byteLength)));
      offset = 0;
    }
    this.#used = offset + byteLength;
    return new Uint8Array(this.#memory, offset, byteLength);
  }
}
