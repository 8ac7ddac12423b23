import { checkPayload } from '../check-bytes.ts';
import { ChunkDecoder } from '../decoding/chunk-decoder.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import { MeasuredCodec } from './measured-codec.ts';
import { plainFormat } from './plain-format.ts';
import type { ByteCodec, ByteDecoder, BytesIn, DecoderOptions } from '../codec.ts';

/** Options of {@link raw}. */
export interface RawOptions {
  /** Longest payload in bytes; a longer chunk is returned in several. At least 1. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
}

/**
 * No framing: the payload is the frame, and a decoder returns whatever a read brought. No bytes are added and no
 * boundary is kept: for programs that use no framing, and to show what goes wrong.
 *
 * @throws RangeError when the limit is 0.
 */
export function raw({ maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES }: RawOptions = {}): ByteCodec {
  if (checkedLimit(maxPayloadBytes) === 0) throw new RangeError('maxPayloadBytes is 0, raw needs at least 1');
  return plainFormat(new RawCodec(maxPayloadBytes), {
    summary: 'no framing: whatever one read brings',
    isCanonical: true,
  });
}

class RawCodec extends MeasuredCodec {
  override readonly name = 'raw';

  override createDecoder(options?: DecoderOptions): ByteDecoder {
    return new RawDecoder(this.maxPayloadBytes, options);
  }

  protected override frameBytes(payload: BytesIn): number {
    checkPayload(payload, this.maxPayloadBytes);
    return payload.length;
  }
}

class RawDecoder extends ChunkDecoder {
  override advance(): boolean {
    this.checkChunk();
    const start = this.position;
    if (start === this.chunkEnd) {
      this.throwIfFailed();
      return this.wantMore();
    }
    this.position = Math.min(this.chunkEnd, start + this.maxPayloadBytes);
    return this.found(start, this.position);
  }

  override get neededBytes(): number {
    return 1;
  }
}
