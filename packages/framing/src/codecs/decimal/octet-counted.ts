import { checkPayload } from '../../check-bytes.ts';
import { checkedChoice } from '../../choice.ts';
import { findByte } from '../../decoding/find-byte.ts';
import { described } from '../../described.ts';
import { FrameError } from '../../errors.ts';
import { frameMemory } from '../../frame-memory.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { DecimalDecoder, decimalHeader } from './decimal-decoder.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { FrameWriter } from '../../writer.ts';
import type { DecimalLayout } from './decimal-decoder.ts';

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const ONE = 0x31;
const NINE = 0x39;
const LAYOUT: DecimalLayout = { separator: SPACE, allowsEmpty: false, trailer: undefined };

/** Options of {@link octetCounted}. */
export interface OctetCountedOptions {
  /** Longest payload, in bytes. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /**
   * What a frame is that does not start with a digit from 1 to 9: an error, or a message that ends with LF ("non-transparent
   * framing", RFC 6587, 3.4.2), or with CR LF, as `line` reads it, of which empty ones are left out; with `lf-or-nul` it may end with NUL too, as Python's
   * `SysLogHandler` sends it. What is written is always counted. @defaultValue 'error'
   */
  readonly fallback?: 'error' | 'lf' | 'lf-or-nul';
}

/**
 * The payload's length in ASCII digits, a space, the payload: syslog over TCP and TLS. Source: RFC 6587, 3.4.1; RFC 5425, 4.3.
 *
 * ```
 *  +---------------+-----+------------+
 *  | n: 1–16 digits| ' ' | payload: n |     "hi" -> 32 20 68 69 ("2 hi")
 *  +---------------+-----+------------+
 * ```
 *
 * Errors: `FRAME_ERR_TOO_LARGE` on the space, before any payload is stored; `FRAME_ERR_MALFORMED_LENGTH` for other
 * characters than digits and for a leading zero; `FRAME_ERR_HEADER_TOO_LONG` on the 17th digit; `FRAME_ERR_UNSAFE_INTEGER`
 * beyond 2^53 − 1; `FRAME_ERR_PAYLOAD` when an empty payload is encoded, which the format does not have.
 */
export function octetCounted({ maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, fallback = 'error' }: OctetCountedOptions = {}): ByteCodec {
  const codec = new OctetCountedCodec(checkedLimit(maxPayloadBytes), checkedChoice('fallback', fallback, ['error', 'lf', 'lf-or-nul']));
  return described(codec, () => ({ kind: 'octet-counted', fallback }));
}

class OctetCountedCodec implements ByteCodec {
  readonly name = 'octet-counted';
  readonly maxPayloadBytes: number;
  readonly #fallback: 'error' | 'lf' | 'lf-or-nul';

  constructor(maxPayloadBytes: number, fallback: 'error' | 'lf' | 'lf-or-nul') {
    this.maxPayloadBytes = maxPayloadBytes;
    this.#fallback = fallback;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    if (this.#fallback === 'error') return new DecimalDecoder(LAYOUT, this.maxPayloadBytes, options);
    return new OctetCountedOrLineDecoder(this.maxPayloadBytes, this.#fallback === 'lf-or-nul', options);
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
    if (payload.length === 0) throw new FrameError('FRAME_ERR_PAYLOAD', 'an octet-counted message has at least one byte, received 0');
    return decimalHeader(payload.length, SPACE);
  }
}

class OctetCountedOrLineDecoder extends DecimalDecoder {
  readonly #readsNul: boolean;
  #isInLine = false;

  constructor(maxPayloadBytes: number, readsNul: boolean, options?: DecoderOptions) {
    super(LAYOUT, maxPayloadBytes, options);
    this.#readsNul = readsNul;
  }

  override advance(): boolean {
    for (;;) {
      if (!this.#isInLine && this.isBetweenFrames) this.#lookAtFirstByte();
      if (!this.#isInLine) return super.advance();
      if (!this.#skipEmptyLine()) return this.#advanceLine();
    }
  }

  override get neededBytes(): number | undefined {
    return this.#isInLine ? undefined : super.neededBytes;
  }

  protected override reset(): void {
    super.reset();
    this.#isInLine = false;
  }

  #lookAtFirstByte(): void {
    const start = this.position;
    while (this.position < this.chunkEnd && this.#isEnd(this.chunk[this.position]!)) this.position++;
    this.skippedBytes += this.position - start;
    if (this.position === this.chunkEnd) return;
    const byte = this.chunk[this.position]!;
    this.#isInLine = byte < ONE || byte > NINE;
  }

  #isEnd(byte: number): boolean {
    return byte === LF || (this.#readsNul && byte === NUL);
  }

  #endOfLine(start: number): number {
    if (start >= this.chunkEnd) return -1;
    const lf = findByte(this.chunk, LF, start);
    const nul = this.#readsNul ? findByte(this.chunk, NUL, start) : -1;
    return lf < 0 || (nul >= 0 && nul < lf) ? nul : lf;
  }

  /** Skips an empty line of CR LF, which may have been cut in two; false when there is none. */
  #skipEmptyLine(): boolean {
    const { chunk, position, partial } = this;
    if (partial.length > 1 || (partial.length === 1 && partial.bytes[0] !== CR)) return false;
    const crInChunk = 1 - partial.length;
    if (position + crInChunk >= this.chunkEnd || chunk[position + crInChunk] !== LF) return false;
    if (crInChunk === 1 && chunk[position] !== CR) return false;
    partial.restart();
    this.position += crInChunk + 1;
    this.skippedBytes += 2;
    this.#isInLine = false;
    return true;
  }

  #advanceLine(): boolean {
    const start = this.position;
    // What was searched before is in `partial`, so no byte is searched twice.
    const end = this.#endOfLine(start);
    const isEndedByNul = end >= 0 && this.chunk[end] === NUL;
    const stop = end < 0 ? this.chunkEnd : end;
    const byteLength = this.partial.length + stop - start;
    // A trailing CR is, or may become, half of the line ending.
    const last = stop > start ? this.chunk[stop - 1] : this.partial.bytes[this.partial.length - 1];
    const lineBytes = last === CR && !isEndedByNul ? byteLength - 1 : byteLength;
    if (lineBytes > this.maxPayloadBytes) throw this.#refuse();
    if (end < 0) {
      if (start < this.chunkEnd) this.partial.append(this.chunk, start, this.chunkEnd, this.maxPayloadBytes + 1);
      this.position = this.chunkEnd;
      return this.wantMore();
    }
    this.#isInLine = false;
    this.position = end + 1;
    if (this.partial.length === 0) return this.found(start, start + lineBytes);
    if (end > start) this.partial.append(this.chunk, start, end, byteLength);
    return this.foundPartial(byteLength - lineBytes);
  }

  // How much of the line is there depends on how the stream was cut; that it is over the limit does not.
  #refuse(): FrameError {
    const limit = this.maxPayloadBytes;
    return this.fail('FRAME_ERR_TOO_LARGE', `line of at least ${limit + 1} bytes, limit ${limit}`, { declared: limit + 1, limit });
  }
}
