import { checkPayload } from '../../check-bytes.ts';
import { checkedChoice } from '../../choice.ts';
import { ChunkDecoder } from '../../decoding/chunk-decoder.ts';
import { findByte } from '../../decoding/find-byte.ts';
import { described } from '../../described.ts';
import { FrameError } from '../../errors.ts';
import { frameMemory } from '../../frame-memory.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { FrameWriter } from '../../writer.ts';

const LF = 0x0a;
const CR = 0x0d;

/**
 * Which line endings are read. `lf-or-crlf` drops one CR before the LF, as terminals and telnet send it; `lf` keeps it;
 * `crlf` takes nothing else: two parsers that disagree on a lone LF are how messages are smuggled past one of them.
 */
export type LineEnding = 'lf' | 'lf-or-crlf' | 'crlf';

/** Options of {@link line}. */
export interface LineOptions {
  /** Longest line, in bytes, its ending not counted. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /**
   * What ends a line. `crlf` is also written as CRLF, the others as LF; with `lf-or-crlf`, a line that itself ends in CR is written with CRLF
   * behind it, as one CR is dropped there. @defaultValue 'lf-or-crlf'
   */
  readonly ending?: LineEnding;
  /**
   * What becomes of a last line that the end of the stream ends: an error, or a line like the others. A lone CR that would have been
   * dropped is no line. @defaultValue 'error'
   */
  readonly unended?: 'error' | 'emit';
}

/**
 * Lines of bytes, each ended by LF (0x0A), which a line therefore cannot contain. Source: POSIX.1-2024, 3.185 Line.
 *
 * ```
 *  0             n    n+1
 *  +-------------+----+     "hi" -> 68 69 0a
 *  | payload: n  | LF |     ending 'crlf': 68 69 0d 0a
 *  +-------------+----+
 * ```
 *
 * Errors: `FRAME_ERR_TOO_LARGE` as soon as a line is over the limit, ended or not; `FRAME_ERR_TRUNCATED` for an
 * unended last line; `FRAME_ERR_BAD_TRAILER` for a lone LF where CRLF is asked for; `FRAME_ERR_PAYLOAD` when a line to
 * encode contains LF.
 *
 * @throws RangeError for an ending or `unended` that is none of those above.
 */
export function line({
  maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES,
  ending = 'lf-or-crlf',
  unended = 'error',
}: LineOptions = {}): ByteCodec {
  checkedChoice('ending', ending, ['lf', 'lf-or-crlf', 'crlf']);
  checkedChoice('unended', unended, ['error', 'emit']);
  const codec = new LineCodec({ maxPayloadBytes: checkedLimit(maxPayloadBytes), ending, unended });
  return described(codec, () => ({ kind: 'line', ending, unended }));
}

class LineCodec implements ByteCodec {
  readonly name = 'line';
  readonly maxPayloadBytes: number;
  readonly #options: Required<LineOptions>;

  constructor(options: Required<LineOptions>) {
    this.maxPayloadBytes = options.maxPayloadBytes;
    this.#options = options;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return new LineDecoder(this.#options, options);
  }

  encode(payload: BytesIn): Bytes {
    this.#check(payload);
    const frame = frameMemory(payload.length + this.#endingBytes(payload));
    this.#write(frame, 0, payload);
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    this.#check(payload);
    const offset = writer.reserve(payload.length + this.#endingBytes(payload));
    this.#write(writer.bytes, offset, payload);
  }

  /** Readers drop one CR before LF: that must be none of the line's own. */
  #endingBytes(payload: BytesIn): 1 | 2 {
    const { ending } = this.#options;
    return ending === 'crlf' || (ending === 'lf-or-crlf' && payload[payload.length - 1] === CR) ? 2 : 1;
  }

  #write(target: Bytes, offset: number, payload: BytesIn): void {
    target.set(payload, offset);
    let end = offset + payload.length;
    if (this.#endingBytes(payload) === 2) target[end++] = CR;
    target[end] = LF;
  }

  #check(payload: BytesIn): void {
    checkPayload(payload, this.maxPayloadBytes);
    const at = findByte(payload, LF, 0);
    if (at >= 0) throw new FrameError('FRAME_ERR_PAYLOAD', `a line cannot contain LF, seen at byte ${at} of ${payload.length}`);
  }
}

class LineDecoder extends ChunkDecoder {
  readonly #dropsCr: boolean;
  readonly #needsCr: boolean;
  readonly #emitsUnended: boolean;
  #isEnded = false;

  constructor({ maxPayloadBytes, ending, unended }: Required<LineOptions>, options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#dropsCr = ending !== 'lf';
    this.#needsCr = ending === 'crlf';
    this.#emitsUnended = unended === 'emit';
  }

  override advance(): boolean {
    // What was searched without success is in `partial`, so no byte is searched twice.
    const end = this.position < this.chunkEnd ? findByte(this.chunk, LF, this.position) : -1;
    if (end < 0) return this.#hold();
    if (this.partial.length > 0) return this.#finishPartial(end);
    const start = this.position;
    const hasCr = end > start && this.chunk[end - 1] === CR;
    const lineEnd = this.#dropsCr && hasCr ? end - 1 : end;
    // The limit first: a line that came in pieces was over it before its ending was seen.
    if (lineEnd - start > this.maxPayloadBytes) throw this.#refuse();
    if (this.#needsCr && !hasCr) throw this.#refuseLoneLf();
    this.position = end + 1;
    return this.found(start, lineEnd);
  }

  override get neededBytes(): undefined {
    return undefined;
  }

  override end(): void {
    this.throwIfFailed();
    if (this.#emitsUnended) this.#isEnded = true;
    else super.end();
  }

  /** No line ends in the chunk: keeps the beginning of one, unless the end of the stream has ended it. */
  #hold(): boolean {
    this.throwIfFailed();
    if (this.position < this.chunkEnd) {
      const byteLength = this.partial.length + (this.chunkEnd - this.position);
      // A CR at the very end may yet be half of the line's ending.
      const mayEndInCr = this.#dropsCr && this.chunk[this.chunkEnd - 1] === CR;
      const payloadBytes = mayEndInCr ? byteLength - 1 : byteLength;
      if (payloadBytes > this.maxPayloadBytes) throw this.#refuse();
      this.partial.append(this.chunk, this.position, this.chunkEnd, this.maxPayloadBytes + 1);
      this.position = this.chunkEnd;
    }
    if (this.#isEnded && this.partial.length > 0) return this.#finishUnended();
    return this.wantMore();
  }

  #finishPartial(end: number): boolean {
    const byteLength = this.partial.length + (end - this.position);
    const last = end > this.position ? this.chunk[end - 1] : this.partial.bytes[this.partial.length - 1];
    const payloadBytes = this.#dropsCr && last === CR ? byteLength - 1 : byteLength;
    if (payloadBytes > this.maxPayloadBytes) throw this.#refuse();
    if (this.#needsCr && last !== CR) throw this.#refuseLoneLf();
    this.partial.append(this.chunk, this.position, end, byteLength);
    this.position = end + 1;
    return this.foundPartial(byteLength - payloadBytes);
  }

  #finishUnended(): boolean {
    const droppedBytes = this.#dropsCr && this.partial.bytes[this.partial.length - 1] === CR ? 1 : 0;
    if (this.partial.length > droppedBytes) return this.foundPartial(droppedBytes);
    this.skippedBytes += droppedBytes;
    this.partial.restart();
    return this.wantMore();
  }

  // How much of the line is there depends on how the stream was cut; that it is over the limit does not.
  #refuse(): FrameError {
    const limit = this.maxPayloadBytes;
    return this.fail('FRAME_ERR_TOO_LARGE', `line of at least ${limit + 1} bytes, limit ${limit}`, { declared: limit + 1, limit });
  }

  #refuseLoneLf(): FrameError {
    return this.fail('FRAME_ERR_BAD_TRAILER', 'line ended by LF alone, allowed is CR LF');
  }
}
