import { createSideDecoder, FrameError, framingOf } from '@socklab/framing';
import { framesOf, ProbeError } from '@socklab/probe';
import { MAX_HELD_BYTES } from './coalescer.ts';
import { middleOf } from './frame-cutters.ts';
import type { Direction } from '../direction.ts';
import type { SideDecoder } from '@socklab/framing';
import type { FrameSpan } from '@socklab/probe';

/** Longest payload of one frame that is followed, in bytes. */
const MAX_PAYLOAD_BYTES = 1_048_576;

/** Bytes to hand on, with the frames that end in them. */
export interface Framed {
  readonly bytes: Buffer;
  /** Counted from the first of `bytes`. */
  readonly frames: readonly FrameSpan[];
}

/**
 * Finds the frames of a stream, and holds what is no whole frame yet: where a frame is to be cut is known once it is there.
 * Bytes that are not of the framing end the search, and pass from then on as they come.
 */
export class FrameHolder {
  readonly #framing: string;
  /** Whether a frame's second half is held until the next frame is there. */
  isGluing = false;
  readonly #decoder: SideDecoder;
  readonly #lost: (error: Error) => void;
  #held: Buffer = Buffer.alloc(0);
  #frames: FrameSpan[] = [];
  /** Where the frame under way begins, and up to where it was decoded; both counted from the first byte that is held. */
  #start = 0;
  #decoded = 0;
  #isLost = false;

  /**
   * @param framing - What `framingOf` takes.
   * @param direction - Which side sends the stream: what it says before the frames is a frame each.
   * @param lost - Told once, when the bytes are not of the framing.
   */
  constructor(framing: string, direction: Direction, lost: (error: Error) => void) {
    const from = direction === 'up' ? 'client' : 'server';
    this.#framing = framing;
    this.#decoder = createSideDecoder(framingOf(framing), from, { maxPayloadBytes: MAX_PAYLOAD_BYTES, payload: 'copy' });
    this.#lost = lost;
  }

  get heldBytes(): number {
    return this.#held.length;
  }

  /** Whether the bytes were not of the framing. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Takes bytes, whose memory is not kept. @returns what leaves now. */
  push(memory: Buffer, byteLength: number): Framed | undefined {
    this.#held = Buffer.concat([this.#held, memory.subarray(0, byteLength)]);
    if (!this.#isLost) this.#decode();
    if (this.#isLost || this.#held.length >= MAX_HELD_BYTES) return this.flush();
    const last = this.#frames.at(-1);
    if (last === undefined) return undefined;
    // The first frame that glues has nothing before it: its first half leaves, and its second waits for the next frame.
    return this.#release(this.isGluing ? middleOf(last) : last.end);
  }

  /** Everything that is held. */
  flush(): Framed | undefined {
    return this.#held.length === 0 ? undefined : this.#release(this.#held.length);
  }

  #release(byteLength: number): Framed | undefined {
    if (byteLength <= 0) return undefined;
    const bytes = this.#held.subarray(0, byteLength);
    const frames = this.#frames;
    this.#held = this.#held.subarray(byteLength);
    this.#frames = [];
    this.#start -= byteLength;
    this.#decoded -= byteLength;
    return { bytes, frames };
  }

  // The decoder is never given more than its next step needs, so that a frame ends exactly where it was found.
  #decode(): void {
    try {
      while (this.#decoded < this.#held.length) {
        const end = Math.min(this.#decoded + (this.#decoder.neededBytes ?? 1), this.#held.length);
        this.#decoder.push(this.#held.subarray(this.#decoded, end));
        this.#decoded = end;
        while (this.#decoder.advance()) this.#found(end);
      }
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof ProbeError)) throw error;
      this.#isLost = true;
      this.#lost(error);
    }
  }

  #found(end: number): void {
    const start = this.#start;
    this.#start = end;
    // Of a frame whose head has left already, only its end is of use; what comes before the frames has no parts.
    const [whole] =
      start < 0 || this.#decoder.isPreamble === true ? [] : framesOf(new Uint8Array(this.#held.subarray(start, end)), this.#framing);
    this.#frames.push(whole === undefined ? { start, end, payloadStart: start, payloadEnd: end } : moved(whole, start));
  }
}

function moved({ start, end, payloadStart, payloadEnd, length }: FrameSpan, by: number): FrameSpan {
  return {
    start: start + by,
    end: end + by,
    payloadStart: payloadStart + by,
    payloadEnd: payloadEnd + by,
    ...(length === undefined ? {} : { length: { start: length.start + by, end: length.end + by } }),
  };
}
