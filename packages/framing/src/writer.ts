import { DEFAULT_SLAB_BYTES } from './limits.ts';
import type { Bytes } from './codec.ts';

/**
 * Collects many frames in one slab, so that they leave in one write: over loopback, 64 frames in one buffer go out some
 * twenty times faster than 64 writes.
 *
 * A codec reserves the room of a whole frame and fills `bytes` from the offset it was given; the caller takes what was
 * written. Memory that was taken is never written again.
 */
export interface FrameWriter {
  /** The slab. Read it again after each `reserve`: it may have moved. */
  readonly bytes: Bytes;
  /** Bytes written since the last `take`. */
  readonly length: number;
  /** Makes room for a frame of `byteLength` bytes and returns the offset in `bytes` where it starts. */
  reserve(byteLength: number): number;
  /** Returns everything written since the last `take`, as one owned buffer. Empty when nothing was. */
  take(): Bytes;
}

/** Options of {@link createFrameWriter}. */
export interface FrameWriterOptions {
  /** Size of a slab, in bytes; a larger batch gets a larger one. @defaultValue 65_536 */
  readonly slabBytes?: number;
}

/**
 * Makes a {@link FrameWriter}.
 *
 * @throws RangeError when the size of a slab is no whole number of bytes.
 */
export function createFrameWriter({ slabBytes = DEFAULT_SLAB_BYTES }: FrameWriterOptions = {}): FrameWriter {
  if (!Number.isSafeInteger(slabBytes) || slabBytes < 1) {
    throw new RangeError(`slabBytes is ${slabBytes}, allowed are whole numbers from 1 on`);
  }
  return new SlabWriter(slabBytes);
}

class SlabWriter implements FrameWriter {
  /** A slab has a quarter to spare: whoever takes a batch when it has reached the size of a slab has gone over it. */
  readonly #freshBytes: number;
  #start = 0;
  #end = 0;
  // The slab comes with the first frame: a writer that is never used costs nothing.
  bytes: Bytes = new Uint8Array(0);

  constructor(slabBytes: number) {
    this.#freshBytes = Math.ceil(slabBytes * 1.25);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  reserve(byteLength: number): number {
    if (this.#end + byteLength > this.bytes.length) this.#move(byteLength);
    const offset = this.#end;
    this.#end += byteLength;
    return offset;
  }

  take(): Bytes {
    const taken = this.bytes.subarray(this.#start, this.#end);
    this.#start = this.#end;
    // Too little is left for another batch like this one, which would only be moved; and memory that grew for one large batch
    // must not be kept alive by the small ones after it.
    if (this.bytes.length - this.#end < taken.length || this.bytes.length > this.#freshBytes) this.#dropSlab();
    return taken;
  }

  #dropSlab(): void {
    this.bytes = new Uint8Array(0);
    this.#start = 0;
    this.#end = 0;
  }

  // What was taken stays where it is; only the batch under way moves to a new slab.
  #move(byteLength: number): void {
    const batch = this.bytes.subarray(this.#start, this.#end);
    const needed = batch.length + byteLength;
    this.bytes = new Uint8Array(needed > this.#freshBytes ? needed * 2 : this.#freshBytes);
    this.bytes.set(batch);
    this.#start = 0;
    this.#end = batch.length;
  }
}
