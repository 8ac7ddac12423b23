import { Accumulator } from '../../decoding/accumulator.ts';
import { ChunkDecoder } from '../../decoding/chunk-decoder.ts';
import { returnedText } from '../../decoding/thrown.ts';
import type { Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { FrameError } from '../../errors.ts';
import type { IntegerField } from '../../fields/integer-field.ts';

/** Decodes frames of a length and that many bytes. */
export class LengthPrefixedDecoder extends ChunkDecoder {
  readonly #length: IntegerField;
  readonly #prefixBytes: number;
  /** The prefix of the current frame, when it was cut. */
  readonly #header = new Accumulator();
  /** Payload length of the current frame; −1 until its prefix is complete. */
  #declared = -1;

  constructor(length: IntegerField, maxPayloadBytes: number, options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#length = length;
    this.#prefixBytes = length.byteLength;
  }

  override advance(): boolean {
    const { position } = this;
    const start = position + this.#prefixBytes;
    if (start > this.readableEnd) return this.advanceAcrossChunks();
    return this.take(start, this.#read(this.chunk, position));
  }

  /** The length field may be the program's own: a thrown error, or a result that is no number, is a fault of this frame. */
  #read(bytes: BytesIn, offset: number): number {
    let declared: number;
    try {
      declared = this.#length.read(bytes, offset);
    } catch (thrown) {
      throw this.failBecause(thrown, `reading ${this.#length.name}`);
    }
    if (Number.isInteger(declared)) return declared;
    throw this.fail('FRAME_ERR_MALFORMED_LENGTH', `the length ${this.#length.name} was read as ${returnedText(declared)}`);
  }

  /** The payload at `start` with `declared` bytes, if that is a valid length and all of them are there. */
  protected take(start: number, declared: number): boolean {
    const end = start + declared;
    if (declared < 0 || declared > this.largestAtOnce) return this.advanceAcrossChunks();
    if (end > this.readableEnd) return this.#begin(start, declared);
    this.position = end;
    return this.found(start, end);
  }

  override get neededBytes(): number {
    return this.#declared < 0 ? this.#prefixBytes - this.#header.length : this.#declared - this.partial.length;
  }

  // The few who need a prefix that was read get it written again: keeping it would cost every frame that is cut.
  protected override heldHeader(): Bytes {
    if (this.#declared < 0) return this.#header.peek();
    const prefix = new Uint8Array(this.#prefixBytes);
    this.#length.write(prefix, 0, this.#declared);
    return prefix;
  }

  protected override get heldHeaderBytes(): number {
    return this.#declared < 0 ? this.#header.length : this.#prefixBytes;
  }

  protected override reset(): void {
    this.#header.restart();
    this.#declared = -1;
  }

  /** The chunk ends inside a payload of `declared` bytes that starts at `start`. */
  #begin(start: number, declared: number): false {
    this.#declared = declared;
    this.partial.append(this.chunk, start, this.chunkEnd, declared);
    this.position = this.chunkEnd;
    this.sink = this.partial;
    this.missing = declared - this.partial.length;
    return this.wantMore();
  }

  /** The frame at `position` is not whole in the chunk, or is none. */
  protected advanceAcrossChunks(): boolean {
    if (this.missing > 0) return false;
    this.throwIfFailed();
    if (this.position === this.chunkEnd) return this.#wait();
    if (this.#declared < 0) {
      if (this.#header.length === 0 && this.openChunk()) return this.advance();
      if (!this.#readHeader()) return this.#wait();
    }
    const declared = this.#declared;
    const { position, partial } = this;
    const available = this.chunkEnd - position;
    const missing = declared - partial.length;
    if (partial.length === 0 && available >= declared) {
      this.position = position + declared;
      this.reset();
      return this.found(position, position + declared);
    }
    const end = position + Math.min(missing, available);
    partial.append(this.chunk, position, end, declared);
    this.position = end;
    if (missing > available) return this.#wait();
    this.#declared = -1;
    this.openChunk();
    return this.foundPartial();
  }

  /** Bytes missing of the prefix or the payload need no look before it is complete. */
  #wait(): false {
    this.sink = this.#declared < 0 ? this.#header : this.partial;
    this.missing = this.neededBytes;
    return this.wantMore();
  }

  /** Moves prefix bytes out of the chunk; false while some are missing. */
  #readHeader(): boolean {
    const header = this.#header;
    const end = Math.min(this.position + this.#prefixBytes - header.length, this.chunkEnd);
    header.append(this.chunk, this.position, end, this.#prefixBytes);
    this.position = end;
    if (header.length < this.#prefixBytes) return false;
    const declared = this.#read(header.bytes, 0);
    // Checked before the payload arrives: a header alone must not make us allocate.
    if (declared < 0 || declared > this.maxPayloadBytes) throw this.#refuse(declared);
    header.restart();
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
