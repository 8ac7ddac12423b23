import { BLOCK_BYTES, takeBlock } from './blocks.ts';

const FIRST_BYTES = 512;

/**
 * Bytes that wait, first in, first out, in blocks of 64 KiB. However small the pieces, a short queue takes at most
 * twice the memory of its bytes, a long one at most a block more than its bytes.
 */
export class ByteQueue {
  /** Bytes in the queue. */
  length = 0;
  /** Bytes of memory that the queue takes. */
  memoryBytes = 0;
  readonly #full: Buffer[] = [];
  #last: Buffer | undefined;
  #lastLength = 0;

  /** Appends a copy of the first `byteLength` bytes of `bytes`. */
  append(bytes: Uint8Array, byteLength: number): void {
    for (let start = 0; start < byteLength;) {
      const block = this.#roomFor(byteLength - start);
      const end = Math.min(byteLength, start + block.length - this.#lastLength);
      block.set(bytes.subarray(start, end), this.#lastLength);
      this.#lastLength += end - start;
      start = end;
    }
    this.length += byteLength;
  }

  /** Takes the oldest bytes out: at most 64 KiB. The caller owns their memory until it gives it back. */
  shift(): Buffer | undefined {
    const block = this.#full.shift() ?? this.#takeLast();
    if (block === undefined) return undefined;
    this.length -= block.length;
    this.memoryBytes -= block.buffer.byteLength;
    return block;
  }

  #takeLast(): Buffer | undefined {
    const block = this.#last?.subarray(0, this.#lastLength);
    this.#last = undefined;
    this.#lastLength = 0;
    return block;
  }

  /** The last block, with room for at least one byte. */
  #roomFor(byteLength: number): Buffer {
    const last = this.#last;
    if (last !== undefined && this.#lastLength < last.length) return last;
    const isFull = last !== undefined && last.length === BLOCK_BYTES;
    if (isFull) this.#full.push(last);
    const held = isFull ? 0 : this.#lastLength;
    const needed = Math.max(FIRST_BYTES, held * 2, held + byteLength);
    const grown = needed < BLOCK_BYTES ? Buffer.allocUnsafeSlow(needed) : takeBlock();
    if (held > 0) grown.set(last!);
    this.memoryBytes += grown.length - (isFull ? 0 : (last?.length ?? 0));
    this.#last = grown;
    this.#lastLength = held;
    return grown;
  }
}
