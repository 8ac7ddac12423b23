import { DEFAULT_SLAB_BYTES, MAX_PINNED_RATIO, MAX_RESERVED_BYTES } from './limits.ts';
import type { Bytes } from './codec.ts';

/** Up to here the engine keeps the bytes in its own heap, which is as quick as a slab. */
export const HEAP_BYTES = 64;

interface Slab {
  memory: ArrayBuffer;
  used: number;
  /** The shortest frame in it so far. */
  shortest: number;
}

// Shared by all decoders of the process: every byte is given out once and never again.
const large: Slab = { memory: new ArrayBuffer(0), used: 0, shortest: 0 };
const close: readonly Slab[] = Array.from({ length: 32 }, () => ({ memory: new ArrayBuffer(0), used: 0, shortest: 0 }));

/**
 * Owned memory for a small frame, beside others in one slab: a fresh buffer for each costs ten times as much. Whoever keeps the
 * frame keeps the slab alive.
 *
 * @param byteLength - at most the size of a slab, 64 KiB.
 */
export function carve(byteLength: number): Bytes {
  if (large.used + byteLength > large.memory.byteLength) renew(large, DEFAULT_SLAB_BYTES);
  return carveFrom(large, byteLength);
}

/**
 * Owned memory for a frame, which keeps at most eight times as much alive: small frames lie beside up to seven others of about
 * their size, large ones alone.
 */
export function carveClose(byteLength: number): Bytes {
  if (byteLength <= HEAP_BYTES || byteLength > MAX_RESERVED_BYTES) return new Uint8Array(byteLength);
  const slab = close[Math.clz32(byteLength - 1)]!;
  const { memory } = slab;
  if (slab.used + byteLength > memory.byteLength || memory.byteLength > byteLength * MAX_PINNED_RATIO) renewClose(slab, byteLength);
  if (byteLength < slab.shortest) slab.shortest = byteLength;
  return carveFrom(slab, byteLength);
}

// As large as the shortest frame of late may keep alive: a longer one would be left half empty when frames of both lengths come in turns.
function renewClose(slab: Slab, byteLength: number): void {
  const isFirst = slab.used === 0;
  renew(slab, (isFirst ? byteLength : Math.min(byteLength, slab.shortest)) * MAX_PINNED_RATIO);
  slab.shortest = byteLength;
}

function renew(slab: Slab, byteLength: number): void {
  slab.memory = new ArrayBuffer(byteLength);
  slab.used = 0;
}

function carveFrom(slab: Slab, byteLength: number): Bytes {
  const bytes = new Uint8Array(slab.memory, slab.used, byteLength);
  slab.used += byteLength;
  return bytes;
}
