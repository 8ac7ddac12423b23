import { undetachable, unwritten } from './decoding/platform.ts';
import { HEAP_BYTES } from './decoding/slab.ts';
import { DEFAULT_SLAB_BYTES } from './limits.ts';
import type { Bytes } from './codec.ts';

/** Longer frames get memory of their own: beside their copy a slab saves little. */
const LONGEST_POOLED_BYTES = DEFAULT_SLAB_BYTES / 8;

/** Alignment of views of a slab: engines copy fastest from and to these offsets. */
const ALIGNMENT = 8;

let slab: ArrayBuffer | undefined;
let used = DEFAULT_SLAB_BYTES;

/**
 * Memory for one frame of exactly `byteLength` bytes, all of which the caller writes. Frames of up to 8 KiB lie side by side in slabs of 64 KiB,
 * like Node's small buffers: separate memory costs a frame ten times as much as writing it. No part of a slab is used twice.
 *
 * A slab holds frames of many connections, so its memory must not be transferable: transferring one frame would empty the others.
 * Where the platform has no such memory (browsers, Node 22), each frame gets its own.
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
