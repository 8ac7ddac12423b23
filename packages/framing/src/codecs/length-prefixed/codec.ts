import { checkPayload } from '../../check-bytes.ts';
import { writeError } from '../../decoding/thrown.ts';
import { frameMemory } from '../../frame-memory.ts';
import { rewind } from '../../writer.ts';
import { createLengthPrefixedDecoder } from './fixed-width-decoders.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { IntegerField } from '../../fields/integer-field.ts';
import type { FrameWriter } from '../../writer.ts';

/** Frames of a length and that many bytes. */
export class LengthPrefixedCodec implements ByteCodec {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly #length: IntegerField;
  readonly #prefixBytes: number;

  constructor(length: IntegerField, maxPayloadBytes: number) {
    this.name = length.name;
    this.maxPayloadBytes = maxPayloadBytes;
    this.#length = length;
    this.#prefixBytes = length.byteLength;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return createLengthPrefixedDecoder(this.#length, this.maxPayloadBytes, options);
  }

  encode(payload: BytesIn): Bytes {
    checkPayload(payload, this.maxPayloadBytes);
    const byteLength = payload.length;
    const frame = frameMemory(this.#prefixBytes + byteLength);
    this.writePrefix(frame, 0, byteLength);
    frame.set(payload, this.#prefixBytes);
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    // Checked before room is reserved: a refused payload must leave nothing in the slab.
    checkPayload(payload, this.maxPayloadBytes);
    const byteLength = payload.length;
    const offset = writer.reserve(this.#prefixBytes + byteLength);
    try {
      const { bytes } = writer;
      this.writePrefix(bytes, offset, byteLength);
      bytes.set(payload, offset + this.#prefixBytes);
    } catch (error) {
      rewind(writer, offset);
      throw error;
    }
  }

  /** Writes a length that is within the limit, where there is room for it. The field may be the program's own, and throw. */
  protected writePrefix(target: Bytes, offset: number, byteLength: number): void {
    try {
      this.#length.write(target, offset, byteLength);
    } catch (thrown) {
      throw writeError(this.name, thrown);
    }
  }
}
