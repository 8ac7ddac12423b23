import { ChunkDecoder } from '../decoding/chunk-decoder.ts';
import { headerFault, measureHeader, missingHeaderBytes, readFields, readLength, unsafeField } from './header.ts';
import { paddingOf } from './layout.ts';
import { firstDifference, trailerFault } from './trailer.ts';
import type { Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameError } from '../errors.ts';
import type { HeaderValues } from './header.ts';
import type { FrameLayout } from './layout.ts';
import type { FrameParts } from './trailer.ts';

/**
 * Decodes any layout of `frame`. It returns the frame without the first `strip` bytes (the header, unless whole frames
 * are asked for) and, without a header, without padding and trailer.
 */
export class FrameDecoder extends ChunkDecoder {
  readonly #layout: FrameLayout;
  /** Header bytes of the current frame that left the chunk; of a complete header, those that are not returned. */
  readonly #scratch: Bytes;
  #scratchFilled = 0;
  /** The current frame, once its header is complete. */
  #headerBytes = 0;
  #payloadBytes = 0;
  #paddingBytes = 0;
  /** Bytes of it that `partial` will hold; −1 until its header is complete. */
  #expected = -1;
  /** Whether the header of the last found frame is in the scratch; else in the chunk, at `#headerStart`. */
  #isHeaderInScratch = false;
  #headerStart = 0;

  constructor(layout: FrameLayout, options?: DecoderOptions) {
    super(layout.maxPayloadBytes, options);
    this.#layout = layout;
    this.#scratch = new Uint8Array(layout.maxHeaderBytes);
  }

  override advance(): boolean {
    try {
      return this.#advance();
    } catch (thrown) {
      throw this.failBecause(thrown, 'a part of the header, or of the trailer,');
    }
  }

  #advance(): boolean {
    this.checkChunk();
    if (this.#expected >= 0 || this.#scratchFilled > 0) return this.#advanceAcrossChunks();
    const layout = this.#layout;
    if (layout.idle !== undefined) this.#skipIdle(layout.idle);
    const start = this.position;
    const headerBytes = measureHeader(layout, this.chunk, start, this.chunkEnd);
    if (headerBytes === 0) return this.#advanceAcrossChunks();
    if (headerBytes < 0) throw this.#badHeader(this.chunk, start, this.chunkEnd);
    const payloadBytes = readLength(layout, this.chunk, start, headerBytes) - layout.adjustment;
    this.#acceptHeader(this.chunk, start, headerBytes, payloadBytes);
    const payloadEnd = start + headerBytes + payloadBytes;
    const end = payloadEnd + this.#paddingBytes + layout.trailerBytes;
    if (end > this.chunkEnd) return this.#advanceAcrossChunks();
    if (layout.trailerBytes > 0) this.#checkTrailer(this.chunk, start, this.chunk, start + headerBytes);
    this.position = end;
    this.#isHeaderInScratch = false;
    this.#headerStart = start;
    return layout.emitsFrames ? this.found(start + layout.strip, end) : this.found(start + headerBytes, payloadEnd);
  }

  override get neededBytes(): number {
    if (this.#expected >= 0) return this.#expected - this.partial.length;
    return missingHeaderBytes(this.#layout, this.#scratch, this.#scratchFilled);
  }

  /** The fields of the last found frame. Valid until the next call of `advance`, `next` or `push`. */
  headerFields(): HeaderValues {
    try {
      if (this.#isHeaderInScratch) return readFields(this.#layout, this.#scratch, 0, this.#headerBytes);
      return readFields(this.#layout, this.chunk, this.#headerStart, this.#headerBytes);
    } catch (thrown) {
      throw this.failBecause(thrown, 'a field of the header');
    }
  }

  protected override heldHeader(): Bytes {
    return this.#scratch.subarray(0, this.#scratchFilled);
  }

  protected override reset(): void {
    this.#scratchFilled = 0;
    this.#expected = -1;
  }

  #skipIdle(isIdle: readonly boolean[]): void {
    const start = this.position;
    while (this.position < this.chunkEnd && isIdle[this.chunk[this.position]!]!) this.position++;
    this.skippedBytes += this.position - start;
  }

  #advanceAcrossChunks(): boolean {
    this.throwIfFailed();
    if (this.#expected < 0 && !this.#collectHeader()) return this.wantMore();
    const expected = this.#expected;
    const available = this.chunkEnd - this.position;
    if (this.partial.length === 0 && available >= expected) return this.#foundAfterHeader(expected);
    const end = this.position + Math.min(expected - this.partial.length, available);
    this.partial.append(this.chunk, this.position, end, expected);
    this.position = end;
    this.missing = expected - this.partial.length;
    if (this.missing > 0) return this.wantMore();
    const layout = this.#layout;
    if (layout.trailerBytes > 0) this.#checkCollected();
    this.#isHeaderInScratch = true;
    this.reset();
    return this.foundPartial(layout.emitsFrames ? 0 : this.#paddingBytes + layout.trailerBytes);
  }

  /** The header came in earlier chunks, the rest of the frame is in this one. */
  #foundAfterHeader(expected: number): true {
    const start = this.position;
    const { emitsFrames, trailerBytes } = this.#layout;
    if (trailerBytes > 0) this.#checkTrailer(this.#scratch, 0, this.chunk, start);
    this.position = start + expected;
    this.#isHeaderInScratch = true;
    this.reset();
    return this.found(start, emitsFrames ? start + expected : start + this.#payloadBytes);
  }

  /** Moves header bytes out of the chunk, until the header is complete; false while some are missing. */
  #collectHeader(): boolean {
    const layout = this.#layout;
    while (this.position < this.chunkEnd) {
      const missing = missingHeaderBytes(layout, this.#scratch, this.#scratchFilled);
      const end = Math.min(this.position + missing, this.chunkEnd);
      this.#scratch.set(this.chunk.subarray(this.position, end), this.#scratchFilled);
      this.#scratchFilled += end - this.position;
      this.position = end;
      const headerBytes = measureHeader(layout, this.#scratch, 0, this.#scratchFilled);
      if (headerBytes < 0) throw this.#badHeader(this.#scratch, 0, this.#scratchFilled);
      if (headerBytes > 0) {
        this.#acceptHeader(this.#scratch, 0, headerBytes, readLength(layout, this.#scratch, 0, headerBytes) - layout.adjustment);
        this.#moveHeader(headerBytes);
        return true;
      }
    }
    return false;
  }

  /** The returned part of the header is collected with the rest of the frame. */
  #moveHeader(headerBytes: number): void {
    const { emitsFrames, strip, trailerBytes } = this.#layout;
    const rest = this.#payloadBytes + this.#paddingBytes + trailerBytes;
    if (!emitsFrames) {
      this.#expected = rest;
      return;
    }
    this.#expected = headerBytes - strip + rest;
    this.partial.append(this.#scratch, strip, headerBytes, this.#expected);
    this.#scratchFilled = strip;
  }

  // Checked before the payload arrives: a header alone must not make us allocate.
  #acceptHeader(bytes: BytesIn, start: number, headerBytes: number, payloadBytes: number): void {
    const layout = this.#layout;
    const paddingBytes = layout.padding === undefined || payloadBytes < 0 ? 0 : this.#paddingOf(payloadBytes);
    const emittedBytes = layout.emitsFrames ? headerBytes - layout.strip + payloadBytes + paddingBytes + layout.trailerBytes : payloadBytes;
    if (
      payloadBytes < 0 ||
      paddingBytes < 0 ||
      payloadBytes + layout.adjustment < layout.minLength ||
      emittedBytes > this.maxPayloadBytes
    ) {
      throw this.#refuse(payloadBytes, paddingBytes, emittedBytes);
    }
    if (layout.hasWideFields && !layout.emitsFrames) {
      const name = unsafeField(layout, bytes, start, headerBytes);
      if (name !== undefined) throw this.fail('FRAME_ERR_UNSAFE_INTEGER', `${name} is beyond 2^53 − 1`);
    }
    this.#headerBytes = headerBytes;
    this.#payloadBytes = payloadBytes;
    this.#paddingBytes = paddingBytes;
  }

  #paddingOf(payloadBytes: number): number {
    try {
      return paddingOf(this.#layout, payloadBytes);
    } catch (thrown) {
      throw this.failBecause(thrown, 'the function of the padding');
    }
  }

  #refuse(payloadBytes: number, paddingBytes: number, emittedBytes: number): FrameError {
    const { adjustment, emitsFrames, minLength } = this.#layout;
    const declared = payloadBytes + adjustment;
    const limit = this.maxPayloadBytes;
    if (declared > Number.MAX_SAFE_INTEGER) {
      return this.fail('FRAME_ERR_UNSAFE_INTEGER', `length of about ${declared} bytes, limit ${limit}`, { declared, limit });
    }
    if (declared < 0) return this.fail('FRAME_ERR_MALFORMED_LENGTH', `length ${declared} is negative`, { declared, limit });
    if (payloadBytes < 0) {
      return this.fail(
        'FRAME_ERR_MALFORMED_LENGTH',
        `length ${declared} is less than the ${adjustment} bytes it counts besides the payload`,
        {
          declared,
          limit,
        },
      );
    }
    if (declared < minLength) {
      return this.fail('FRAME_ERR_MALFORMED_LENGTH', `length ${declared}; allowed: ${minLength} or more`, { declared, limit });
    }
    if (paddingBytes < 0) {
      return this.fail('FRAME_ERR_MALFORMED_LENGTH', `no padding can follow a payload of ${payloadBytes} bytes`, { declared, limit });
    }
    const what = emitsFrames ? 'frame' : 'payload';
    return this.fail('FRAME_ERR_TOO_LARGE', `${what} of ${emittedBytes} bytes, limit ${limit}`, { declared: emittedBytes, limit });
  }

  #badHeader(bytes: BytesIn, start: number, end: number): FrameError {
    const { code, message } = headerFault(this.#layout, bytes, start, end);
    return this.fail(code, message, { limit: this.maxPayloadBytes });
  }

  /** The frame is in `partial`; with `emit: 'frame'`, the end of its header too. */
  #checkCollected(): void {
    const { emitsFrames, strip } = this.#layout;
    const collected = this.partial.peek();
    const bodyStart = emitsFrames ? this.#headerBytes - strip : 0;
    // The scratch still has the whole header, whatever part of it counts as held.
    this.#checkTrailer(this.#scratch, 0, collected, bodyStart);
  }

  #checkTrailer(header: BytesIn, headerStart: number, body: BytesIn, bodyStart: number): void {
    const { constantTrailer } = this.#layout;
    // Constant bytes are compared without allocation.
    if (constantTrailer !== undefined) {
      if (firstDifference(constantTrailer, body, bodyStart + this.#payloadBytes + this.#paddingBytes) < 0) return;
    }
    const parts: FrameParts = {
      header,
      headerStart,
      headerBytes: this.#headerBytes,
      body,
      bodyStart,
      payloadBytes: this.#payloadBytes,
      paddingBytes: this.#paddingBytes,
    };
    const fault = trailerFault(this.#layout, parts);
    if (fault !== undefined) throw this.fail(fault.code, fault.message, { limit: this.maxPayloadBytes });
  }
}
