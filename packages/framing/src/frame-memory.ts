import { undetachable, unwritten } from './decoding/platform.ts';
import { HEAP_BYTES } from './decoding/slab.ts';
import { DEFAULT_SLAB_BYTES } from './limits.ts';
import type { Bytes } from './codec.ts';

/** Longer frames get memory of their own: what a slab saves is little beside the copy. */
const LONGEST_POOLED_BYTES = DEFAULT_SLAB_BYTES / 8;

/** Where views of a slab start: engines copy to and from there quickest. */
const ALIGNMENT = 8;

let slab: ArrayBuffer | undefined;
let used = DEFAULT_SLAB_BYTES;

/**
 * Memory for one frame of exactly `byteLength` bytes, all of which the caller writes. Frames of up to 8 KiB lie side by side in slabs of 64 KiB, as
 * the small buffers of Node do: memory of its own costs a frame ten times as much as writing it. Nothing of a slab is used twice.
 *
 * A slab has frames of many connections, so it must be memory that nobody can transfer: transferring one frame would empty the others.
 * Where the platform has none (browsers, Node 22), each frame gets memory of its own.
 */
export function frameMemory(byteLength: number): Bytes {
  if (byteLength <= HEAP_BYTES) return new Uint8Array(byteLength);
  if (byteLength > LONGEST_POOLED_BYTES) return new Uint8Array(unwritten(byteLength));
  if (used + byteLength > DEFAULT_SLAB_BYTES && !renew()) return new Uint8Array(byteLength);
  const frame = new Uint8Array(slab!, used, byteLength);
  used = (used + byteLength + ALIGNMENT - 1) & -ALIGNMENT;
  return frame;
}

function renew(): boolean {
  slab = undetachable(DEFAULT_SLAB_BYTES);
  if (slab === undefined) return false;
  used = 0;
  return true;
}
