/** Size of a block in bytes: as much as one read brings. */
export const BLOCK_BYTES = 65_536;

/** Blocks kept for reuse: 4 MiB. */
const MAX_SPARE = 64;

const spare: Buffer[] = [];
/** The memory of the blocks in use. */
const taken = new WeakMap<ArrayBufferLike, Buffer>();

/**
 * Takes a block of 64 KiB for bytes that wait. It may still hold bytes of other connections: write each byte before it is read or sent.
 *
 * Blocks are reused because dropped memory stays until the garbage collector runs, which is late: a peer that lags behind by 1 MiB, for 100
 * MiB, would leave some 10 MiB behind it.
 */
export function takeBlock(): Buffer {
  const block = spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  taken.set(block.buffer, block);
  return block;
}

/** Gives back the block that these bytes lie in, which nobody may read, write or send any more. Memory that is no block, or was given back, is ignored. */
export function giveBack(bytes: Uint8Array): void {
  const block = taken.get(bytes.buffer);
  if (block === undefined) return;
  taken.delete(bytes.buffer);
  if (spare.length < MAX_SPARE) spare.push(block);
}
