import { ChunkDecoder } from '../../decoding/chunk-decoder.ts';
import { findByte } from '../../decoding/find-byte.ts';
import type { DecoderOptions } from '../../codec.ts';
import type { FrameError } from '../../errors.ts';

const LF = 0x0a;
const CR = 0x0d;

/** What a decoder of lines must know. */
export interface LineRule {
  readonly maxPayloadBytes: number;
  readonly ending: 'lf' | 'lf-or-crlf' | 'crlf';
  readonly unended: 'error' | 'emit';
}

/** Lines that end with LF, or with CR LF. */
export class LineDecoder extends ChunkDecoder {
  readonly #dropsCr: boolean;
  readonly #needsCr: boolean;
  readonly #emitsUnended: boolean;
  #isEnded = false;

  constructor({ maxPayloadBytes, ending, unended }: LineRule, options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#dropsCr = ending !== 'lf';
    this.#needsCr = ending === 'crlf';
    this.#emitsUnended = unended === 'emit';
  }

  override advance(): boolean {
    // What was searched without success is in `partial`, so no byte is searched twice.
    const end = this.position < this.chunkEnd ? findByte(this.chunk, LF, this.position) : -1;
    if (end < 0) return this.#hold();
    if (this.partial.length > 0) return this.#finishPartial(end);
    const start = this.position;
    const hasCr = end > start && this.chunk[end - 1] === CR;
    const lineEnd = this.#dropsCr && hasCr ? end - 1 : end;
    // The limit first: a line that came in pieces was over it before its ending was seen.
    if (lineEnd - start > this.maxPayloadBytes) return this.overLimit(end);
    if (this.#needsCr && !hasCr) throw this.#refuseLoneLf();
    this.position = end + 1;
    return this.found(start, lineEnd);
  }

  override get neededBytes(): undefined {
    return undefined;
  }

  override end(): void {
    this.throwIfFailed();
    if (this.#emitsUnended) this.#isEnded = true;
    else super.end();
  }

  /** No line ends in the chunk: keeps the beginning of one, unless the end of the stream has ended it. */
  #hold(): boolean {
    this.throwIfFailed();
    if (this.position < this.chunkEnd) {
      const byteLength = this.partial.length + (this.chunkEnd - this.position);
      // A CR at the very end may yet be half of the line's ending.
      const mayEndInCr = this.#dropsCr && this.chunk[this.chunkEnd - 1] === CR;
      const payloadBytes = mayEndInCr ? byteLength - 1 : byteLength;
      if (payloadBytes > this.maxPayloadBytes) return this.overLimit(-1);
      this.partial.append(this.chunk, this.position, this.chunkEnd, this.maxPayloadBytes + 1);
      this.position = this.chunkEnd;
    }
    if (this.#isEnded && this.partial.length > 0) return this.#finishUnended();
    return this.wantMore();
  }

  #finishPartial(end: number): boolean {
    const byteLength = this.partial.length + (end - this.position);
    const last = end > this.position ? this.chunk[end - 1] : this.partial.bytes[this.partial.length - 1];
    const payloadBytes = this.#dropsCr && last === CR ? byteLength - 1 : byteLength;
    if (payloadBytes > this.maxPayloadBytes) return this.overLimit(end);
    if (this.#needsCr && last !== CR) throw this.#refuseLoneLf();
    this.partial.append(this.chunk, this.position, end, byteLength);
    this.position = end + 1;
    return this.foundPartial(byteLength - payloadBytes);
  }

  #finishUnended(): boolean {
    const droppedBytes = this.#dropsCr && this.partial.bytes[this.partial.length - 1] === CR ? 1 : 0;
    if (this.partial.length > droppedBytes) return this.foundPartial(droppedBytes);
    this.skippedBytes += droppedBytes;
    this.partial.restart();
    return this.wantMore();
  }

  /** The line under way is over the limit; it ends at `end`, or is not seen to end when that is −1. */
  protected overLimit(_end: number): false {
    // How much of the line is there depends on how the stream was cut; that it is over the limit does not.
    const limit = this.maxPayloadBytes;
    throw this.fail('FRAME_ERR_TOO_LARGE', `line of at least ${limit + 1} bytes, limit ${limit}`, { declared: limit + 1, limit });
  }

  #refuseLoneLf(): FrameError {
    return this.fail('FRAME_ERR_BAD_TRAILER', 'line ended by LF alone; allowed: CR LF');
  }
}
