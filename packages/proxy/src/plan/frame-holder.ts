import { createSideDecoder, FrameError, framingOf } from '@socklab/framing';
import { framesOf, ProbeError } from '@socklab/probe';
import { MAX_HELD_BYTES } from './coalescer.ts';
import { middleOf } from './frame-cutters.ts';
import type { Direction } from '../direction.ts';
import type { SideDecoder } from '@socklab/framing';
import type { FrameSpan } from '@socklab/probe';

/** Longest payload of a tracked frame, in bytes. */
const MAX_PAYLOAD_BYTES = 1_048_576;

/** Bytes to pass on, with the frames that end in them. */
export interface Framed {
  readonly bytes: Buffer;
  /** Offsets from the first of `bytes`. */
  readonly frames: readonly FrameSpan[];
}

/**
 * Finds the frames of a stream and holds incomplete ones, because a frame can only be cut once it is complete. Bytes that do
 * not fit the framing end the search; from then on bytes pass unchanged.
 */
export class FrameHolder {
  readonly #framing: string;
  /** Whether the second half of a frame is held until the next frame arrives. */
  isGluing = false;
  readonly #decoder: SideDecoder;
  readonly #lost: (error: Error) => void;
  #held: Buffer = Buffer.alloc(0);
  #frames: FrameSpan[] = [];
  /** Start of the current frame and how far it was decoded, both as offsets from the first held byte. */
  #start = 0;
  #decoded = 0;
  #isLost = false;

  /**
   * @param framing - What `framingOf` takes.
   * @param direction - Direction of the stream. Each message of its preamble counts as one frame.
   * @param lost - Called once when the bytes do not fit the framing.
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

  /** Whether the bytes did not fit the framing. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Adds bytes, copying what is held. @returns the bytes to send now. */
  push(memory: Buffer, byteLength: number): Framed | undefined {
    this.#held = Buffer.concat([this.#held, memory.subarray(0, byteLength)]);
    if (!this.#isLost) this.#decode();
    if (this.#isLost || this.#held.length >= MAX_HELD_BYTES) return this.flush();
    const last = this.#frames.at(-1);
    if (last === undefined) return undefined;
    // The first glued frame has no predecessor: its first half is sent, its second half waits for the next frame.
    return this.#release(this.isGluing ? middleOf(last) : last.end);
  }

  /** Releases all held bytes. */
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

  // The decoder gets no more bytes than its next step needs, so that the end of each frame is known exactly.
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
    // If the start of a frame was sent already, only its end can be cut; messages of the preamble have no parts.
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
