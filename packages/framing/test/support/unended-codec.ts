import { NaiveDecoder, naive } from './naive-codec.ts';
import type { Bytes, Codec } from '../../src/index.ts';

/** Hands out what is left when the stream ends: its end is the end of a frame. */
class LastFrameUnended extends NaiveDecoder {
  #hasEnded = false;

  override next(): Bytes | undefined {
    return super.next() ?? (this.#hasEnded && this.unread.length > 0 ? this.detach() : undefined);
  }

  override end(): void {
    this.#hasEnded = true;
  }
}

/** A format whose last frame may be ended by the end of the stream. */
export const unended: Codec = naive(LastFrameUnended);
