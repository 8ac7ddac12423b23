import { checkPayload } from '../check-bytes.ts';
import { Accumulator } from '../decoding/accumulator.ts';
import { ChunkDecoder } from '../decoding/chunk-decoder.ts';
import { described } from '../described.ts';
import { frameMemory } from '../frame-memory.ts';
import { DEFAULT_MAX_HEADER_BYTES, DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import { readContentLength } from './header-lines.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameError } from '../errors.ts';
import type { FrameWriter } from '../writer.ts';

const CR = 0x0d;
const LF = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;
const FIELD_START = new TextEncoder().encode('Content-Length: ');
/** Room for the usual header, with a Content-Type: a decoder that waits for a payload keeps no more for it. */
const COMMON_HEADER_BYTES = 96;

/** Options of {@link contentLength}. */
export interface ContentLengthOptions {
  /** Longest payload, in bytes. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /** Longest header in bytes, including the empty line. @defaultValue 8192 */
  readonly maxHeaderBytes?: number;
}

/**
 * Header lines with the payload's length, an empty line, the payload: the base protocol of the Language Server
 * Protocol, and of the Debug Adapter Protocol. Source: LSP 3.17, Base Protocol.
 *
 * ```
 *  +--------------------------+------+------------+
 *  | Content-Length: n CR LF  | CRLF | payload: n |     "hi" -> "Content-Length: 2\r\n\r\nhi"
 *  +--------------------------+------+------------+
 * ```
 *
 * Names are case-insensitive. Other header lines, such as Content-Type, are allowed and ignored; they are never written.
 *
 * Errors: `FRAME_ERR_TOO_LARGE` on the byte that completes the header, before any payload is stored;
 * `FRAME_ERR_MALFORMED_LENGTH` when Content-Length is missing, repeated, or no plain number, and for malformed header lines;
 * `FRAME_ERR_HEADER_TOO_LONG` when the header exceeds its limit; `FRAME_ERR_UNSAFE_INTEGER` beyond 2^53 − 1.
 *
 * @throws RangeError when the header limit is shorter than the shortest header.
 */
export function contentLength({
  maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES,
  maxHeaderBytes = DEFAULT_MAX_HEADER_BYTES,
}: ContentLengthOptions = {}): ByteCodec {
  const needed = headerOf(checkedLimit(maxPayloadBytes)).length;
  if (!Number.isSafeInteger(maxHeaderBytes) || maxHeaderBytes < needed) {
    throw new RangeError(`maxHeaderBytes is ${maxHeaderBytes}, but the header of ${maxPayloadBytes} bytes has ${needed}`);
  }
  return described(new ContentLengthCodec(maxPayloadBytes, maxHeaderBytes), () => ({ kind: 'content-length', maxHeaderBytes }));
}

function headerOf(byteLength: number): Bytes {
  return new TextEncoder().encode(`Content-Length: ${byteLength}\r\n\r\n`);
}

class ContentLengthCodec implements ByteCodec {
  readonly name = 'content-length';
  readonly maxPayloadBytes: number;
  readonly #maxHeaderBytes: number;

  constructor(maxPayloadBytes: number, maxHeaderBytes: number) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.#maxHeaderBytes = maxHeaderBytes;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return new ContentLengthDecoder(this.maxPayloadBytes, this.#maxHeaderBytes, options);
  }

  encode(payload: BytesIn): Bytes {
    const header = this.#header(payload);
    const frame = frameMemory(header.length + payload.length);
    frame.set(header);
    frame.set(payload, header.length);
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    const header = this.#header(payload);
    const offset = writer.reserve(header.length + payload.length);
    writer.bytes.set(header, offset);
    writer.bytes.set(payload, offset + header.length);
  }

  #header(payload: BytesIn): Bytes {
    checkPayload(payload, this.maxPayloadBytes);
    return headerOf(payload.length);
  }
}

class ContentLengthDecoder extends ChunkDecoder {
  readonly #maxHeaderBytes: number;
  /** Header bytes of earlier chunks. */
  readonly #header: Accumulator = new Accumulator();
  /** How many bytes of CR LF CR LF the header ends in so far. A header may start with its empty line: two of the four bytes. */
  #matched = 2;
  /** Payload length of the current frame; −1 until its header is complete. */
  #declared = -1;

  constructor(maxPayloadBytes: number, maxHeaderBytes: number, options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#maxHeaderBytes = maxHeaderBytes;
  }

  override advance(): boolean {
    if (this.#header.length === 0 && this.#findPlainFrame()) return true;
    this.throwIfFailed();
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

  override get neededBytes(): number {
    return this.#declared < 0 ? 4 - this.#matched : this.#declared - this.partial.length;
  }

  protected override heldHeader(): Bytes {
    return this.#header.peek();
  }

  protected override reset(): void {
    this.#header.take();
    this.#matched = 2;
    this.#declared = -1;
  }

  /** Finds a frame that is complete in the chunk and whose header is written as this codec does, as nearly all are; false for others. */
  #findPlainFrame(): boolean {
    const { chunk, position } = this;
    const digits = position + FIELD_START.length;
    for (let at = 0; at < FIELD_START.length; at++) if (chunk[position + at] !== FIELD_START[at]) return false;
    let at = digits;
    let declared = 0;
    // The limit ends the loop: a larger number is for the slow path to refuse.
    while (chunk[at]! >= ZERO && chunk[at]! <= NINE && declared <= this.maxPayloadBytes) declared = declared * 10 + (chunk[at++]! - ZERO);
    if (at === digits || (chunk[digits] === ZERO && at > digits + 1) || declared > this.maxPayloadBytes) return false;
    if (chunk[at] !== CR || chunk[at + 1] !== LF || chunk[at + 2] !== CR || chunk[at + 3] !== LF) return false;
    const start = at + 4;
    const end = start + declared;
    if (end > this.chunkEnd) return false;
    this.position = end;
    return this.found(start, end);
  }

  /** Moves header bytes out of the chunk; false while some are missing. */
  #readHeader(): boolean {
    const start = this.position;
    const roomBytes = this.#maxHeaderBytes - this.#header.length;
    const end = this.#search(Math.min(this.chunkEnd, start + roomBytes));
    const headerBytes = this.#header.length + (end - start);
    this.#header.append(this.chunk, start, end, headerBytes > COMMON_HEADER_BYTES ? this.#maxHeaderBytes : COMMON_HEADER_BYTES);
    this.position = end;
    if (this.#matched === 4) {
      this.#declared = this.#readLength();
      return true;
    }
    if (this.#header.length < this.#maxHeaderBytes) return false;
    const limit = this.#maxHeaderBytes;
    throw this.fail('FRAME_ERR_HEADER_TOO_LONG', `header of more than ${limit} bytes`, { declared: limit + 1, limit });
  }

  /** The offset after the header, or `end` when the empty line is not in `chunk[position, end)`. */
  #search(end: number): number {
    for (let at = this.position; at < end; at++) {
      const byte = this.chunk[at]!;
      const isAfterCr = this.#matched % 2 === 1;
      if ((byte === LF) !== isAfterCr) {
        throw this.fail('FRAME_ERR_MALFORMED_LENGTH', `header line ended by ${isAfterCr ? 'CR' : 'LF'} alone, expected CR LF`);
      }
      if (isAfterCr || byte === CR) this.#matched++;
      else this.#matched = 0;
      if (this.#matched === 4) return at + 1;
    }
    return end;
  }

  #readLength(): number {
    const length = readContentLength(this.#header.peek());
    if (typeof length === 'string') throw this.fail('FRAME_ERR_MALFORMED_LENGTH', length);
    // Checked before the payload arrives: a header alone must not make us allocate.
    if (length > this.maxPayloadBytes) throw this.#refuse(length);
    return length;
  }

  #refuse(declared: number): FrameError {
    const details = { declared, limit: this.maxPayloadBytes };
    if (declared > Number.MAX_SAFE_INTEGER) {
      return this.fail('FRAME_ERR_UNSAFE_INTEGER', `length of about ${declared} bytes, limit ${this.maxPayloadBytes}`, details);
    }
    return this.fail('FRAME_ERR_TOO_LARGE', `payload of ${declared} bytes, limit ${this.maxPayloadBytes}`, details);
  }
}
