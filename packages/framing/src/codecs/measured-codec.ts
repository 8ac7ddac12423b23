import { frameMemory } from '../frame-memory.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';

/** Base of codecs that know a frame's length before they write it: `encode` and `encodeInto`. */
export abstract class MeasuredCodec implements ByteCodec {
  abstract readonly name: string;
  readonly maxPayloadBytes: number;

  constructor(maxPayloadBytes: number) {
    this.maxPayloadBytes = maxPayloadBytes;
  }

  abstract createDecoder(options?: DecoderOptions): ByteDecoder;

  /** Length of the frame of `payload`, in bytes. Throws when the payload is refused, before room is reserved. */
  protected abstract frameBytes(payload: BytesIn): number;

  /** Writes the frame at `offset`, where there is room for it. By default the frame is the payload. */
  protected write(target: Bytes, offset: number, payload: BytesIn): void {
    target.set(payload, offset);
  }

  encode(payload: BytesIn): Bytes {
    const frame = frameMemory(this.frameBytes(payload));
    this.write(frame, 0, payload);
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    const offset = writer.reserve(this.frameBytes(payload));
    this.write(writer.bytes, offset, payload);
  }
}
