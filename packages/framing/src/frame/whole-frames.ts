import { checkPayload } from '../check-bytes.ts';
import { FrameError } from '../errors.ts';
import { isInteger } from '../fields/length-field.ts';
import { FrameDecoder } from './decoder.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';
import type { FrameLayout } from './layout.ts';

/**
 * Frames as they are on the wire, without the first `strip` bytes, which are the length and zeros around it. `encode`
 * refuses what a decoder would not read as exactly one frame.
 */
export function wholeFrames(layout: FrameLayout): ByteCodec {
  return new WholeFrameCodec(layout);
}

class WholeFrameCodec implements ByteCodec {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly #layout: FrameLayout;
  /** Decodes every frame before it is sent; at a frame boundary between calls. */
  #checker: FrameDecoder | undefined;

  constructor(layout: FrameLayout) {
    this.name = layout.name;
    this.maxPayloadBytes = layout.maxPayloadBytes;
    this.#layout = layout;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return new FrameDecoder(this.#layout, options);
  }

  encode(payload: BytesIn): Bytes {
    checkPayload(payload, this.maxPayloadBytes);
    const frame = this.#restore(payload);
    this.#check(frame);
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    if (this.#layout.strip > 0) {
      const frame = this.encode(payload);
      const offset = writer.reserve(frame.length);
      writer.bytes.set(frame, offset);
      return;
    }
    checkPayload(payload, this.maxPayloadBytes);
    this.#check(payload);
    const offset = writer.reserve(payload.length);
    writer.bytes.set(payload, offset);
  }

  /** The frame with the stripped bytes before it. A part of the length that was not stripped stays as it is. */
  #restore(payload: BytesIn): Bytes {
    const { strip, length, before, after, adjustment, trailerBytes } = this.#layout;
    const frame = new Uint8Array(strip + payload.length);
    frame.set(payload, strip);
    if (strip <= before || !isInteger(length)) return frame;
    const declared = frame.length - before - length.byteLength - after - trailerBytes + adjustment;
    if (declared < 0 || frame.length < before + length.byteLength) {
      throw new FrameError('FRAME_ERR_PAYLOAD', `${payload.length} bytes are too few for a frame of ${this.name}`);
    }
    length.write(frame, before, declared);
    if (strip < before + length.byteLength) frame.set(payload.subarray(0, before + length.byteLength - strip), strip);
    return frame;
  }

  #check(frame: BytesIn): void {
    const checker = this.#checker ?? new FrameDecoder(this.#layout, { payload: 'view' });
    this.#checker = undefined;
    try {
      const skipped = checker.skippedBytes;
      checker.push(frame);
      if (checker.advance() && checker.bufferedBytes === 0 && checker.skippedBytes === skipped) {
        // Drops the frame, which belongs to the caller.
        checker.advance();
        this.#checker = checker;
        return;
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      throw new FrameError('FRAME_ERR_PAYLOAD', `not a frame of ${this.name}: ${error.message}`);
    }
    throw new FrameError('FRAME_ERR_PAYLOAD', `${frame.length} bytes are not exactly one frame of ${this.name}`);
  }
}
