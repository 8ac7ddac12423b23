import { checkPayload } from '../check-bytes.ts';
import { ChunkDecoder } from '../decoding/chunk-decoder.ts';
import { described } from '../described.ts';
import { FrameError } from '../errors.ts';
import { MeasuredCodec } from './measured-codec.ts';
import type { ByteCodec, ByteDecoder, BytesIn, DecoderOptions } from '../codec.ts';

/**
 * Frames of `byteLength` bytes each, with nothing between them.
 *
 * ```
 *  0            n
 *  +------------+     fixed(2): "hi" -> 68 69
 *  | payload: n |
 *  +------------+
 * ```
 *
 * Errors: `FRAME_ERR_TRUNCATED` when the stream ends inside a frame; when encoding, `FRAME_ERR_TOO_LARGE` for a longer
 * payload and `FRAME_ERR_PAYLOAD` for a shorter one.
 *
 * @throws RangeError when the length is not a whole number from 1 on.
 */
export function fixed(byteLength: number): ByteCodec {
  if (!Number.isSafeInteger(byteLength) || byteLength < 1) {
    throw new RangeError(`byteLength is ${byteLength}; allowed: whole numbers from 1 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return described(new FixedCodec(byteLength), () => ({ kind: 'fixed', byteLength }));
}

class FixedCodec extends MeasuredCodec {
  override readonly name = 'fixed';

  override createDecoder(options?: DecoderOptions): ByteDecoder {
    return new FixedDecoder(this.maxPayloadBytes, options);
  }

  protected override frameBytes(payload: BytesIn): number {
    checkPayload(payload, this.maxPayloadBytes);
    const { length } = payload;
    if (length < this.maxPayloadBytes) {
      throw new FrameError('FRAME_ERR_PAYLOAD', `payload of ${length} bytes, every frame has ${this.maxPayloadBytes}`);
    }
    return length;
  }
}

class FixedDecoder extends ChunkDecoder {
  override advance(): boolean {
    this.checkChunk();
    const end = this.position + this.maxPayloadBytes;
    if (this.partial.length > 0 || end > this.chunkEnd) return this.#collect();
    const start = this.position;
    this.position = end;
    return this.found(start, end);
  }

  override get neededBytes(): number {
    return this.maxPayloadBytes - this.partial.length;
  }

  #collect(): boolean {
    this.throwIfFailed();
    const end = Math.min(this.chunkEnd, this.position + this.neededBytes);
    if (end > this.position) this.partial.append(this.chunk, this.position, end, this.maxPayloadBytes);
    this.position = end;
    this.missing = this.neededBytes;
    return this.missing > 0 ? this.wantMore() : this.foundPartial();
  }
}
