import { MAX_PINNED_RATIO, MAX_RESERVED_BYTES } from '../limits.ts';
import type { Bytes } from '../codec.ts';

/** Up to here the engine keeps the bytes in its own heap, which is as quick as a slab. */
export const HEAP_BYTES = 64;

class Slab {
  memory = NONE;
  used = 0;
  /** The shortest payload in it. */
  shortest: number = MAX_RESERVED_BYTES;
}

const NONE = new ArrayBuffer(0);

/**
 * Owned memory for the small payloads of one decoder, several in one slab: a fresh buffer costs several times as much as filling it.
 * Whoever keeps a payload keeps its slab alive: at most eight times as much, or `pageBytes`.
 *
 * Slabs are private to their decoder, and nothing in them is read or written again once it was handed out: who transfers the memory of a
 * payload takes along others of the same stream at most.
 */
export class Slabs {
  readonly #pageBytes: number;
  /** Payloads up to this length lie in slabs of a page, longer ones beside others of about their length. */
  readonly #longestInPage: number;
  readonly #page = new Slab();
  #classes: Slab[] | undefined;

  constructor(pageBytes: number) {
    this.#pageBytes = pageBytes;
    this.#longestInPage = pageBytes / MAX_PINNED_RATIO;
  }

  /** Memory for a payload of `byteLength` bytes. */
  carve(byteLength: number): Bytes {
    if (byteLength <= HEAP_BYTES || byteLength > MAX_RESERVED_BYTES) return new Uint8Array(byteLength);
    const slab = byteLength <= this.#longestInPage ? this.#page : this.#classOf(byteLength);
    let offset = slab.used;
    // No bytes are left of memory that was transferred.
    if (offset + byteLength > slab.memory.byteLength || slab.memory.byteLength > this.#mostBytes(byteLength)) {
      this.#renew(slab, byteLength);
      offset = 0;
    }
    slab.used = offset + byteLength;
    if (byteLength < slab.shortest) slab.shortest = byteLength;
    return new Uint8Array(slab.memory, offset, byteLength);
  }

  #classOf(byteLength: number): Slab {
    this.#classes ??= Array.from({ length: 32 - Math.clz32(MAX_RESERVED_BYTES) }, () => new Slab());
    return this.#classes[32 - Math.clz32(byteLength - 1)]!;
  }

  /** What a payload of `byteLength` bytes may keep alive. */
  #mostBytes(byteLength: number): number {
    return byteLength <= this.#longestInPage ? this.#pageBytes : byteLength * MAX_PINNED_RATIO;
  }

  // As large as the shortest payload of late may keep alive: a longer one would be left half empty when both lengths come in turns. But twice as
  // large as the last one at most: memory follows what arrives.
  #renew(slab: Slab, byteLength: number): void {
    const mostBytes = this.#mostBytes(Math.min(byteLength, slab.shortest));
    slab.memory = new ArrayBuffer(Math.max(byteLength, Math.min(mostBytes, 2 * slab.memory.byteLength)));
    slab.shortest = byteLength;
  }
}
