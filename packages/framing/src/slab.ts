import { DEFAULT_SLAB_BYTES, MAX_PINNED_RATIO, MAX_RESERVED_BYTES } from './limits.ts';
import type { Bytes } from './codec.ts';

/** Up to here the engine keeps the bytes in its own heap, which is as quick as a slab. */
export const HEAP_BYTES = 64;

interface Slab {
  memory: ArrayBuffer;
  used: number;
}

// Shared by all decoders of the process: every byte is given out once and never again.
const large: Slab = { memory: new ArrayBuffer(0), used: 0 };
const close: readonly Slab[] = Array.from({ length: 32 }, () => ({ memory: new ArrayBuffer(0), used: 0 }));

/**
 * Owned memory for a small frame, beside others in one slab: a fresh buffer for each costs ten times as much. Whoever keeps the
 * frame keeps the slab alive.
 *
 * @param byteLength - at most the size of a slab, 64 KiB.
 */
export function carve(byteLength: number): Bytes {
  return carveFrom(large, byteLength, DEFAULT_SLAB_BYTES);
}

/**
 * Owned memory for a frame, which keeps at most eight times as much alive: small frames lie beside a few others of about
 * their size, large ones alone.
 */
export function carveClose(byteLength: number): Bytes {
  if (byteLength <= HEAP_BYTES || byteLength > MAX_RESERVED_BYTES) return new Uint8Array(byteLength);
  const sizeClass = 32 - Math.clz32(byteLength - 1);
  // A frame is longer than half of what its class is for.
  return carveFrom(close[sizeClass]!, byteLength, (2 ** sizeClass * MAX_PINNED_RATIO) / 2);
}

function carveFrom(slab: Slab, byteLength: number, slabBytes: number): Bytes {
  if (slab.used + byteLength > slab.memory.byteLength) {
    slab.memory = new ArrayBuffer(slabBytes);
    slab.used = 0;
  }
  const bytes = new Uint8Array(slab.memory, slab.used, byteLength);
  slab.used += byteLength;
  return bytes;
}
