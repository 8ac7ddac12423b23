import { ChunkDecoder } from '../../decoding/chunk-decoder.ts';
import { tooLarge } from '../../errors.ts';
import type { DecoderOptions } from '../../codec.ts';

const LF = 0x0a;
const CR = 0x0d;

/** Lines that end with CR, LF or CR LF. A CR ends its line at once; an LF that follows it, at whatever time, belongs to it. */
export class AnyLineDecoder extends ChunkDecoder {
  readonly #emitsUnended: boolean;
  /** Whether the last line ended with CR: an LF now is the rest of that ending. */
  #isBehindCr = false;
  #isEnded = false;

  constructor(maxPayloadBytes: number, unended: 'error' | 'emit', options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#emitsUnended = unended === 'emit';
  }

  override advance(): boolean {
    this.throwIfFailed();
    if (this.#isBehindCr && this.position < this.chunkEnd) {
      this.#isBehindCr = false;
      if (this.chunk[this.position] === LF) this.position++;
    }
    const start = this.position;
    const end = this.#endOfLine(start);
    const stop = end < 0 ? this.chunkEnd : end;
    if (this.partial.length + stop - start > this.maxPayloadBytes) {
      const limit = this.maxPayloadBytes;
      throw this.fail('FRAME_ERR_TOO_LARGE', tooLarge(limit + 1, limit).message, { declared: limit + 1, limit });
    }
    return end < 0 ? this.#hold() : this.#finish(start, end);
  }

  override get neededBytes(): undefined {
    return undefined;
  }

  override end(): void {
    this.throwIfFailed();
    if (this.#emitsUnended) this.#isEnded = true;
    else super.end();
  }

  protected override reset(): void {
    this.#isBehindCr = false;
    this.#isEnded = false;
  }

  #endOfLine(start: number): number {
    for (let at = start; at < this.chunkEnd; at++) if (this.chunk[at] === LF || this.chunk[at] === CR) return at;
    return -1;
  }

  #finish(start: number, end: number): true {
    this.#isBehindCr = this.chunk[end] === CR;
    this.position = end + 1;
    if (this.partial.length === 0) return this.found(start, end);
    if (end > start) this.partial.append(this.chunk, start, end, this.partial.length + end - start);
    return this.foundPartial();
  }

  #hold(): boolean {
    if (this.position < this.chunkEnd) this.partial.append(this.chunk, this.position, this.chunkEnd, this.maxPayloadBytes);
    this.position = this.chunkEnd;
    return this.#isEnded && this.partial.length > 0 ? this.foundPartial() : this.wantMore();
  }
}
