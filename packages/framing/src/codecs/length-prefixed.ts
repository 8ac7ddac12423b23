import { ChunkDecoder } from '../chunk-decoder.ts';
import { tooLarge } from '../errors.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameError } from '../errors.ts';
import type { IntegerField } from '../integer-field.ts';
import type { FrameWriter } from '../writer.ts';

/** Options of {@link lengthPrefixed}. */
export interface LengthPrefixedOptions {
  /** The field that holds the payload's length. */
  readonly length: IntegerField;
  /**
   * Longest payload, in bytes, the prefix not counted.
   *
   * @defaultValue 1_048_576, or what the field can hold when that is less
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
  return new LengthPrefixedCodec(length, maxPayloadBytes);
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
    return new LengthPrefixedDecoder(this.#length, this.maxPayloadBytes, options);
  }

  encode(payload: BytesIn): Bytes {
    const frame = new Uint8Array(this.#frameBytes(payload));
    this.#write(frame, 0, payload);
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    const offset = writer.reserve(this.#frameBytes(payload));
    this.#write(writer.bytes, offset, payload);
  }

  // Checked before room is reserved: a refused payload leaves nothing behind in the slab.
  #frameBytes(payload: BytesIn): number {
    if (payload.length > this.maxPayloadBytes) throw tooLarge(payload.length, this.maxPayloadBytes);
    return this.#length.byteLength + payload.length;
  }

  #write(target: Bytes, offset: number, payload: BytesIn): void {
    this.#length.write(target, offset, payload.length);
    target.set(payload, offset + this.#length.byteLength);
  }
}

class LengthPrefixedDecoder extends ChunkDecoder {
  readonly #length: IntegerField;
  /** The prefix of the frame under way, when chunks cut the frame. */
  readonly #header: Bytes;
  #headerFilled = 0;
  /** Payload length of the frame under way; −1 until its header is complete. */
  #declared = -1;

  constructor(length: IntegerField, maxPayloadBytes: number, options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#length = length;
    this.#header = new Uint8Array(length.byteLength);
  }

  override advance(): boolean {
    const start = this.position + this.#length.byteLength;
    if (this.#headerFilled > 0 || start > this.chunkEnd) return this.#advanceAcrossChunks();
    const declared = this.#length.read(this.chunk, this.position);
    if (declared < 0 || declared > this.maxPayloadBytes) throw this.#refuse(declared);
    const end = start + declared;
    if (end > this.chunkEnd) return this.#advanceAcrossChunks();
    this.position = end;
    return this.found(start, end);
  }

  override get neededBytes(): number {
    const header = this.#length.byteLength - this.#headerFilled;
    return this.#declared < 0 ? header : this.#declared - this.partial.length;
  }

  protected override heldHeader(): Bytes {
    return this.#header.subarray(0, this.#headerFilled);
  }

  protected override reset(): void {
    this.#headerFilled = 0;
    this.#declared = -1;
  }

  #advanceAcrossChunks(): boolean {
    this.throwIfFailed();
    if (this.position === this.chunkEnd) return this.wantMore();
    if (this.#declared < 0 && !this.#readHeader()) return this.wantMore();
    const declared = this.#declared;
    const available = this.chunkEnd - this.position;
    if (this.partial.length === 0 && available >= declared) {
      const start = this.position;
      this.position += declared;
      this.reset();
      return this.found(start, start + declared);
    }
    const end = this.position + Math.min(declared - this.partial.length, available);
    this.partial.append(this.chunk, this.position, end, declared);
    this.position = end;
    this.missing = declared - this.partial.length;
    if (this.missing > 0) return this.wantMore();
    this.reset();
    return this.foundPartial();
  }

  /** Moves header bytes out of the chunk; false while some are missing. */
  #readHeader(): boolean {
    const { byteLength } = this.#length;
    while (this.#headerFilled < byteLength && this.position < this.chunkEnd) {
      this.#header[this.#headerFilled++] = this.chunk[this.position++]!;
    }
    if (this.#headerFilled < byteLength) return false;
    const declared = this.#length.read(this.#header, 0);
    // Checked before the payload arrives: a header alone must never make us allocate.
    if (declared < 0 || declared > this.maxPayloadBytes) throw this.#refuse(declared);
    this.#declared = declared;
    return true;
  }

  #refuse(declared: number): FrameError {
    const details = { declared, limit: this.maxPayloadBytes };
    if (declared < 0) return this.fail('FRAME_ERR_MALFORMED_LENGTH', `length ${declared} is negative`, details);
    if (declared > Number.MAX_SAFE_INTEGER) {
      return this.fail('FRAME_ERR_UNSAFE_INTEGER', `length of about ${declared} bytes, limit ${this.maxPayloadBytes}`, details);
    }
    return this.fail('FRAME_ERR_TOO_LARGE', `payload of ${declared} bytes, limit ${this.maxPayloadBytes}`, details);
  }
}
