import { findByte } from '../../decoding/find-byte.ts';
import { LineDecoder } from './line-decoder.ts';

const LF = 0x0a;

/** Leaves out lines that are over the limit, and goes on behind them. */
export class SkippingLineDecoder extends LineDecoder {
  skippedFrames = 0;
  /** Whether the line under way is over the limit. */
  #isInLongLine = false;
  #isSkipped = false;

  override advance(): boolean {
    for (;;) {
      this.#isSkipped = false;
      if (this.#isInLongLine && !this.#leaveLongLine()) return this.wantMore();
      const isFound = super.advance();
      if (isFound || !this.#isSkipped) return isFound;
    }
  }

  protected override reset(): void {
    super.reset();
    this.#isInLongLine = false;
  }

  protected override overLimit(end: number): false {
    this.skippedFrames++;
    this.partial.restart();
    this.#isInLongLine = end < 0;
    this.position = end < 0 ? this.chunkEnd : end + 1;
    this.#isSkipped = true;
    return false;
  }

  #leaveLongLine(): boolean {
    const end = this.position < this.chunkEnd ? findByte(this.chunk, LF, this.position) : -1;
    this.position = end < 0 ? this.chunkEnd : end + 1;
    this.#isInLongLine = end < 0;
    return end >= 0;
  }
}
