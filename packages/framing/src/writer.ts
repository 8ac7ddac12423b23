import { DEFAULT_SLAB_BYTES } from './limits.ts';
import type { Bytes } from './bytes.ts';

/**
 * Collects many frames in one buffer, so that they go out in one write: over loopback, 64 frames in one buffer are
 * sent some twenty times faster than by 64 writes.
 *
 * A codec reserves room for a whole frame and fills `bytes` from the given offset; the caller takes what was
 * written. The option `memory` decides who owns it then: see {@link FrameWriterOptions.memory}.
 */
export interface FrameWriter {
  /** The memory. Read it again after each `reserve`: it may have been replaced. */
  readonly bytes: Bytes;
  /** Bytes written since the last `take`. */
  readonly length: number;
  /** Reserves room for a frame of `byteLength` bytes and returns its offset in `bytes`. */
  reserve(byteLength: number): number;
  /**
   * Returns everything written since the last `take`, as one buffer, with memory that the caller owns; with `memory: 'reused'`, valid
   * until the next `reserve`. Empty when nothing was written.
   *
   * @throws TypeError when `bytes` was transferred with frames in it; the writer starts over then.
   */
  take(): Bytes;
  /**
   * Gives up the memory of what was taken: the next frame goes to other memory. Frames not taken yet stay. Only needed with
   * `memory: 'reused'`, while what was taken is still in use, for example by a socket whose peer reads slowly.
   */
  release(): void;
}

/** Options of {@link createFrameWriter}. */
export interface FrameWriterOptions {
  /**
   * Approximate size of a batch in bytes, for the first one, or for all with `memory: 'reused'`; a larger batch gets more
   * memory. With `owned`, later batches follow what earlier ones needed. @defaultValue 65_536
   */
  readonly slabBytes?: number;
  /**
   * Who owns the memory that `take` returns. `owned`: the caller alone; the writer never touches it again, so it may be kept or transferred.
   * `reused`: the writer; the next frame overwrites it, unless `release` was called. That is several times faster when what was taken is used up at
   * once. @defaultValue 'owned'
   */
  readonly memory?: 'owned' | 'reused';
}

/**
 * Makes a {@link FrameWriter}.
 *
 * @throws RangeError when the size of a slab is not a whole number of bytes, or `memory` is unknown.
 */
export function createFrameWriter({ slabBytes = DEFAULT_SLAB_BYTES, memory = 'owned' }: FrameWriterOptions = {}): FrameWriter {
  if (!Number.isSafeInteger(slabBytes) || slabBytes < 1) {
    throw new RangeError(`slabBytes is ${slabBytes}; allowed: whole numbers from 1`);
  }
  if (memory !== 'owned' && memory !== 'reused') {
    throw new RangeError(`memory is ${JSON.stringify(memory)}; allowed: owned, reused`);
  }
  return new SlabWriter(slabBytes, memory === 'reused');
}

const EMPTY: Bytes = new Uint8Array(0);

/** How much more room a batch gets than the previous one needed: a caller that takes a batch at a given size has exceeded it. */
const SPARE_RATIO = 1.25;

const REWIND = Symbol('rewind');

/** Removes what was reserved from `offset` on, for a frame that could not be written. */
export function rewind(writer: FrameWriter, offset: number): void {
  if (writer instanceof SlabWriter) writer[REWIND](offset);
}

class SlabWriter implements FrameWriter {
  readonly #isReused: boolean;
  /** How much memory the next batch gets; with `memory: 'reused'`, the same for all. */
  #freshBytes: number;
  #end = 0;
  // Allocated with the first frame: an unused writer costs nothing.
  bytes: Bytes = EMPTY;

  constructor(slabBytes: number, isReused: boolean) {
    this.#freshBytes = Math.ceil(slabBytes * SPARE_RATIO);
    this.#isReused = isReused;
  }

  get length(): number {
    return this.#end;
  }

  reserve(byteLength: number): number {
    const offset = this.#end;
    const end = offset + byteLength;
    if (end > this.bytes.length) this.#move(end);
    this.#end = end;
    return offset;
  }

  [REWIND](offset: number): void {
    this.#end = offset;
  }

  take(): Bytes {
    if (this.#end === 0) return new Uint8Array(0);
    this.#checkMemory();
    return this.#isReused ? this.#takeReused() : this.#takeOwned();
  }

  release(): void {
    if (!this.#isReused) return;
    if (this.#end > 0) this.#move(this.#end);
    else this.#drop();
  }

  #takeReused(): Bytes {
    const taken = this.bytes.subarray(0, this.#end);
    this.#end = 0;
    // Memory that grew for one large batch must not be kept alive by the small ones after it.
    if (this.bytes.length > this.#freshBytes) this.#drop();
    return taken;
  }

  // Taken memory is never read or written again, so its holder may keep it, change it and transfer it.
  #takeOwned(): Bytes {
    const { bytes } = this;
    const byteLength = this.#end;
    this.#drop();
    // A short batch between long ones must not make the next one grow from nothing.
    this.#freshBytes = Math.ceil(Math.max(byteLength * SPARE_RATIO, this.#freshBytes / 2));
    // A kept batch keeps at most twice its size alive.
    return byteLength * 2 < bytes.length ? bytes.slice(0, byteLength) : bytes.subarray(0, byteLength);
  }

  #drop(): void {
    this.bytes = EMPTY;
    this.#end = 0;
  }

  /** Moves the batch under way to memory that has room for `neededBytes`. */
  #move(neededBytes: number): void {
    this.#checkMemory();
    const { bytes } = this;
    const batchBytes = this.#end;
    const grownBytes = batchBytes > 0 ? neededBytes * 2 : neededBytes;
    this.bytes = new Uint8Array(neededBytes > this.#freshBytes ? grownBytes : this.#freshBytes);
    if (batchBytes > 0) this.bytes.set(bytes.subarray(0, batchBytes));
  }

  /** Transferred memory has no bytes: the frames in it are lost, and no others. */
  #checkMemory(): void {
    const lostBytes = this.#end;
    if (this.bytes.length >= lostBytes) return;
    this.#drop();
    throw new TypeError(`the memory of a frame writer was transferred with ${lostBytes} bytes in it that were not taken`);
  }
}
