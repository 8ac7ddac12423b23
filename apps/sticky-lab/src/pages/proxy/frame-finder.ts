import { createSideDecoder, FrameError, framingOf } from '@socklab/framing';
import type { ByteDecoder, Side } from '@socklab/framing';
import type { ByteRange } from '@socklab/lab/picture';

/** Frames are searched in this many bytes of a stream: the picture begins there, and a fast stream must not be slowed down. */
const MAX_SEARCHED_BYTES = 65_536;

/** Finds the frames of a stream, as long as its bytes match the framing. */
export class FrameFinder {
  readonly #decoder: ByteDecoder;
  #searchedBytes = 0;
  #start = 0;
  #isOver = false;

  /**
   * @param framing - What `framingOf` takes.
   * @param from - Which side sends the stream.
   */
  constructor(framing: string, from: Side) {
    this.#decoder = createSideDecoder(framingOf(framing), from, { payload: 'copy' });
  }

  /** Takes the next bytes of the stream, without keeping their memory. @returns the frames that end in them, as offsets in the stream. */
  push(bytes: Uint8Array): readonly ByteRange[] {
    const found: ByteRange[] = [];
    try {
      for (let at = 0; at < bytes.length && !this.#isOver;) {
        // Never more than the next step needs, so that a frame ends exactly where it is found.
        const end = Math.min(at + (this.#decoder.neededBytes ?? 1), bytes.length);
        this.#decoder.push(bytes.subarray(at, end));
        this.#searchedBytes += end - at;
        at = end;
        while (this.#decoder.advance()) found.push(this.#frameEndsHere());
        this.#isOver = this.#searchedBytes >= MAX_SEARCHED_BYTES;
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#isOver = true;
    }
    return found;
  }

  #frameEndsHere(): ByteRange {
    const range = { start: this.#start, end: this.#searchedBytes };
    this.#start = this.#searchedBytes;
    return range;
  }
}
