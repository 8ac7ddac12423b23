/** As much as one read, in bytes. */
export const BLOCK_BYTES = 65_536;

/** Blocks kept for whoever needs one next: 4 MiB. */
const MAX_SPARE = 64;

const spare: Buffer[] = [];
/** The memory of blocks that somebody has. */
const taken = new WeakMap<ArrayBufferLike, Buffer>();

/**
 * Takes a block of 64 KiB for bytes that wait. It may have bytes of other connections in it: each is written before it is read or sent.
 *
 * Blocks are used again because memory that is dropped stays until the collector comes, and it comes late: a peer that lags behind by 1 MiB, for
 * 100 MiB, would leave some 10 MiB of them behind it.
 */
export function takeBlock(): Buffer {
  const block = spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  taken.set(block.buffer, block);
  return block;
}

/** Gives back the block that these bytes lie in, which nobody reads, writes or sends any more. Memory that is no block, or was given back, is left alone. */
export function giveBack(bytes: Uint8Array): void {
  const block = taken.get(bytes.buffer);
  if (block === undefined) return;
  taken.delete(bytes.buffer);
  if (spare.length < MAX_SPARE) spare.push(block);
}
