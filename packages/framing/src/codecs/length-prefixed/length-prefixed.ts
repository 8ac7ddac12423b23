import { checkPayload } from '../../check-bytes.ts';
import { writeError } from '../../decoding/thrown.ts';
import { described } from '../../described.ts';
import { frameMemory } from '../../frame-memory.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { rewind } from '../../writer.ts';
import { createLengthPrefixedDecoder } from './fixed-width-decoders.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { IntegerField } from '../../fields/integer-field.ts';
import type { FrameWriter } from '../../writer.ts';

/** Options of {@link lengthPrefixed}. */
export interface LengthPrefixedOptions {
  /** The field that holds the payload's length. */
  readonly length: IntegerField;
  /**
   * Longest payload in bytes, without the prefix.
   *
   * @defaultValue 1_048_576, or the largest number of the field when that is less
   */
  readonly maxPayloadBytes?: number;
}

/**
 * A length, then that many bytes. The length counts the payload only.
 *
 * ```
 *  0        w            w+n
 *  +--------+------------+     u32be: "hi" -> 00 00 00 02 68 69
 *  | n      | payload: n |     i32le: "hi" -> 02 00 00 00 68 69
 *  +--------+------------+
 * ```
 *
 * Errors: `FRAME_ERR_TOO_LARGE` on the byte that completes the header, before any payload is stored;
 * `FRAME_ERR_MALFORMED_LENGTH` for a negative length; `FRAME_ERR_UNSAFE_INTEGER` beyond 2^53 − 1.
 *
 * @throws RangeError when the limit is more than the field can hold.
 */
export function lengthPrefixed({
  length,
  maxPayloadBytes = Math.min(DEFAULT_MAX_PAYLOAD_BYTES, length.max),
}: LengthPrefixedOptions): ByteCodec {
  if (checkedLimit(maxPayloadBytes) > length.max) {
    throw new RangeError(`maxPayloadBytes is ${maxPayloadBytes}, but a ${length.name} length holds at most ${length.max}`);
  }
  const codec = new LengthPrefixedCodec(length, maxPayloadBytes);
  return described(codec, () => ({ frame: { name: length.name, header: { length } } }));
}

class LengthPrefixedCodec implements ByteCodec {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly #length: IntegerField;

  constructor(length: IntegerField, maxPayloadBytes: number) {
    this.name = length.name;
    this.maxPayloadBytes = maxPayloadBytes;
    this.#length = length;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return createLengthPrefixedDecoder(this.#length, this.maxPayloadBytes, options);
  }

  encode(payload: BytesIn): Bytes {
    const frame = frameMemory(this.#frameBytes(payload));
    this.#write(frame, 0, payload);
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    const offset = writer.reserve(this.#frameBytes(payload));
    try {
      this.#write(writer.bytes, offset, payload);
    } catch (error) {
      rewind(writer, offset);
      throw error;
    }
  }

  // Checked before room is reserved: a refused payload must leave nothing in the slab.
  #frameBytes(payload: BytesIn): number {
    checkPayload(payload, this.maxPayloadBytes);
    return this.#length.byteLength + payload.length;
  }

  #write(target: Bytes, offset: number, payload: BytesIn): void {
    try {
      this.#length.write(target, offset, payload.length);
    } catch (thrown) {
      throw writeError(this.name, thrown);
    }
    target.set(payload, offset + this.#length.byteLength);
  }
}
