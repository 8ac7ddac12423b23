import { DEFAULT_SLAB_BYTES } from './limits.ts';
import type { Bytes } from './codec.ts';

/**
 * Collects many frames in one slab, so that they leave in one write: over loopback, 64 frames in one buffer go out some
 * twenty times faster than 64 writes.
 *
 * A codec reserves the room of a whole frame and fills `bytes` from the offset it was given; the caller takes what was
 * written. Whose it is then is the writer's `memory`: see {@link FrameWriterOptions.memory}.
 */
export interface FrameWriter {
  /** The slab. Read it again after each `reserve`: it may have moved. */
  readonly bytes: Bytes;
  /** Bytes written since the last `take`. */
  readonly length: number;
  /** Makes room for a frame of `byteLength` bytes and returns the offset in `bytes` where it starts. */
  reserve(byteLength: number): number;
  /**
   * Returns everything written since the last `take`, as one buffer, which the caller owns; with `memory: 'reused'`, which is good
   * until the next `reserve`. Empty when nothing was written.
   */
  take(): Bytes;
  /**
   * Leaves what was taken to whoever holds it: the next frame goes to other memory. Frames that were not taken yet stay. Needed
   * with `memory: 'reused'` alone, when somebody else is not done with what was taken, such as a socket whose peer reads slowly.
   */
  release(): void;
}

/** Options of {@link createFrameWriter}. */
export interface FrameWriterOptions {
  /** Size of a slab, in bytes; a larger batch gets a larger one. @defaultValue 65_536 */
  readonly slabBytes?: number;
  /**
   * Whose the memory is that `take` returns. `owned`: the caller's; it is never written again, so that anybody may keep it. `reused`:
   * the writer's; the next frame is written over it, unless `release` was called. That is several times faster where what was
   * taken is used up at once. @defaultValue 'owned'
   */
  readonly memory?: 'owned' | 'reused';
}

/**
 * Makes a {@link FrameWriter}.
 *
 * @throws RangeError when the size of a slab is no whole number of bytes, or `memory` is neither of the two.
 */
export function createFrameWriter({ slabBytes = DEFAULT_SLAB_BYTES, memory = 'owned' }: FrameWriterOptions = {}): FrameWriter {
  if (!Number.isSafeInteger(slabBytes) || slabBytes < 1) {
    throw new RangeError(`slabBytes is ${slabBytes}, allowed are whole numbers from 1 on`);
  }
  if (memory !== 'owned' && memory !== 'reused') {
    throw new RangeError(`memory is ${JSON.stringify(memory)}, allowed are owned, reused`);
  }
  return new SlabWriter(slabBytes, memory === 'reused');
}

class SlabWriter implements FrameWriter {
  /** A slab has a quarter to spare: whoever takes a batch when it has reached the size of a slab has gone over it. */
  readonly #freshBytes: number;
  readonly #isReused: boolean;
  #start = 0;
  #end = 0;
  // The slab comes with the first frame: a writer that is never used costs nothing.
  bytes: Bytes = new Uint8Array(0);

  constructor(slabBytes: number, isReused: boolean) {
    this.#freshBytes = Math.ceil(slabBytes * 1.25);
    this.#isReused = isReused;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  reserve(byteLength: number): number {
    const offset = this.#end;
    const end = offset + byteLength;
    if (end > this.bytes.length) return this.#reserveAfterMove(byteLength);
    this.#end = end;
    return offset;
  }

  take(): Bytes {
    const taken = this.bytes.subarray(this.#start, this.#end);
    if (this.#isReused) {
      this.#start = 0;
      this.#end = 0;
    } else {
      this.#start = this.#end;
    }
    // Too little is left for another batch like this one, which would only be moved; and memory that grew for one large batch
    // must not be kept alive by the small ones after it.
    if (this.bytes.length - this.#end < taken.length || this.bytes.length > this.#freshBytes) this.#dropSlab();
    return taken;
  }

  release(): void {
    if (!this.#isReused) return;
    if (this.length > 0) this.#move(0);
    else this.#dropSlab();
  }

  #dropSlab(): void {
    this.bytes = new Uint8Array(0);
    this.#start = 0;
    this.#end = 0;
  }

  #reserveAfterMove(byteLength: number): number {
    this.#move(byteLength);
    const offset = this.#end;
    this.#end += byteLength;
    return offset;
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
