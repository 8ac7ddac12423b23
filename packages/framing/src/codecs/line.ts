import { ChunkDecoder } from '../chunk-decoder.ts';
import { FrameError, tooLarge } from '../errors.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';

const LF = 0x0a;
const CR = 0x0d;

/** Which line endings are read. LF is always what is written. */
export type LineEnding = 'lf' | 'lf-or-crlf';

/** Options of {@link line}. */
export interface LineOptions {
  /** Longest line, in bytes, its ending not counted. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /** `lf-or-crlf` drops one CR before the LF, as terminals and telnet send it; `lf` keeps it. @defaultValue 'lf-or-crlf' */
  readonly ending?: LineEnding;
}

/**
 * Lines of bytes, each ended by LF (0x0A), which a line therefore cannot contain. Source: POSIX.1-2024, 3.185 Line.
 *
 * ```
 *  0             n    n+1
 *  +-------------+----+     "hi" -> 68 69 0a
 *  | payload: n  | LF |
 *  +-------------+----+
 * ```
 *
 * Errors: `FRAME_ERR_TOO_LARGE` as soon as a line is over the limit, ended or not; `FRAME_ERR_TRUNCATED` for an
 * unended last line; `FRAME_ERR_PAYLOAD` when a line to encode contains LF, or ends in the CR that would be dropped.
 */
export function line({ maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, ending = 'lf-or-crlf' }: LineOptions = {}): ByteCodec {
  return new LineCodec(checkedLimit(maxPayloadBytes), ending === 'lf-or-crlf');
}

class LineCodec implements ByteCodec {
  readonly name = 'line';
  readonly maxPayloadBytes: number;
  readonly #dropsCr: boolean;

  constructor(maxPayloadBytes: number, dropsCr: boolean) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.#dropsCr = dropsCr;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return new LineDecoder(this.maxPayloadBytes, this.#dropsCr, options);
  }

  encode(payload: BytesIn): Bytes {
    this.#check(payload);
    const frame = new Uint8Array(payload.length + 1);
    frame.set(payload);
    frame[payload.length] = LF;
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    this.#check(payload);
    const offset = writer.reserve(payload.length + 1);
    writer.bytes.set(payload, offset);
    writer.bytes[offset + payload.length] = LF;
  }

  #check(payload: BytesIn): void {
    if (payload.length > this.maxPayloadBytes) throw tooLarge(payload.length, this.maxPayloadBytes);
    const at = payload.indexOf(LF);
    if (at >= 0) throw new FrameError('FRAME_ERR_PAYLOAD', `a line cannot contain LF, seen at byte ${at} of ${payload.length}`);
    if (this.#dropsCr && payload.at(-1) === CR) {
      throw new FrameError('FRAME_ERR_PAYLOAD', 'a line cannot end in CR, which readers drop');
    }
  }
}

class LineDecoder extends ChunkDecoder {
  readonly #dropsCr: boolean;

  constructor(maxPayloadBytes: number, dropsCr: boolean, options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#dropsCr = dropsCr;
  }

  override advance(): boolean {
    // What was searched without success is in `partial`, so no byte is searched twice.
    const end = this.position < this.chunkEnd ? this.chunk.indexOf(LF, this.position) : -1;
    if (end < 0) return this.#hold();
    if (this.partial.length > 0) return this.#finishPartial(end);
    const start = this.position;
    const lineEnd = this.#dropsCr && end > start && this.chunk[end - 1] === CR ? end - 1 : end;
    if (lineEnd - start > this.maxPayloadBytes) throw this.#refuse(lineEnd - start);
    this.position = end + 1;
    return this.found(start, lineEnd);
  }

  override get neededBytes(): undefined {
    return undefined;
  }

  #hold(): boolean {
    this.throwIfFailed();
    if (this.position === this.chunkEnd) return this.wantMore();
    const byteLength = this.partial.length + (this.chunkEnd - this.position);
    // A CR at the very end may yet be half of the line's ending.
    const payloadBytes = this.#dropsCr && this.chunk[this.chunkEnd - 1] === CR ? byteLength - 1 : byteLength;
    if (payloadBytes > this.maxPayloadBytes) throw this.#refuse(payloadBytes);
    this.partial.append(this.chunk, this.position, this.chunkEnd, this.maxPayloadBytes + 1);
    this.position = this.chunkEnd;
    return this.wantMore();
  }

  #finishPartial(end: number): boolean {
    const byteLength = this.partial.length + (end - this.position);
    const last = end > this.position ? this.chunk[end - 1] : this.partial.peek().at(-1);
    const payloadBytes = this.#dropsCr && last === CR ? byteLength - 1 : byteLength;
    if (payloadBytes > this.maxPayloadBytes) throw this.#refuse(payloadBytes);
    this.partial.append(this.chunk, this.position, end, byteLength);
    this.position = end + 1;
    return this.foundPartial(byteLength - payloadBytes);
  }

  #refuse(payloadBytes: number): FrameError {
    return this.fail('FRAME_ERR_TOO_LARGE', `line of at least ${payloadBytes} bytes, limit ${this.maxPayloadBytes}`, {
      declared: payloadBytes,
      limit: this.maxPayloadBytes,
    });
  }
}
