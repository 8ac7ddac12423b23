import { checkPayload } from '../../check-bytes.ts';
import { checkedChoice } from '../../choice.ts';
import { findByte } from '../../decoding/find-byte.ts';
import { described } from '../../described.ts';
import { FrameError } from '../../errors.ts';
import { frameMemory } from '../../frame-memory.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { AnyLineDecoder } from './any-line-decoder.ts';
import { LineDecoder } from './line-decoder.ts';
import { SkippingLineDecoder } from './skipping-line-decoder.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { FrameWriter } from '../../writer.ts';

const LF = 0x0a;
const CR = 0x0d;

/**
 * Which line endings are read. `lf-or-crlf` drops one CR before the LF, which terminals and telnet send; `lf` keeps
 * it; `crlf` accepts nothing else: parsers that disagree on a lone LF allow message smuggling. `any` takes LF, CR and CR LF, as
 * Server-Sent Events and universal newlines do: then a line contains no CR either.
 */
export type LineEnding = 'lf' | 'lf-or-crlf' | 'crlf' | 'any';

/** Options of {@link line}. */
export interface LineOptions {
  /** Longest line in bytes, without its ending. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /**
   * What ends a line. `crlf` is also written as CRLF, the others as LF; with `lf-or-crlf`, a line that itself ends in CR is written with
   * CRLF, because readers drop one CR. @defaultValue 'lf-or-crlf'
   */
  readonly ending?: LineEnding;
  /**
   * A last line without an ending when the stream ends: an error, or a line like the others. A lone CR that would have been
   * dropped is not a line. @defaultValue 'error'
   */
  readonly unended?: 'error' | 'emit';
  /**
   * What becomes of a line over the limit: an error, as one that is not meant for us is one; or it is left out up to its end, and counted in `skippedFrames` of the
   * decoder, as logs want it. Not with `any`. @defaultValue 'error'
   */
  readonly oversize?: 'error' | 'skip';
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
 * Errors: `FRAME_ERR_TOO_LARGE` as soon as a line is over the limit, ended or not; `FRAME_ERR_TRUNCATED` for a last
 * line without an ending; `FRAME_ERR_BAD_TRAILER` for a lone LF where CRLF is required; `FRAME_ERR_PAYLOAD` when an
 * encoded line contains LF.
 *
 * @throws RangeError for an unknown value of `ending` or `unended`.
 */
export function line({
  maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES,
  ending = 'lf-or-crlf',
  unended = 'error',
  oversize = 'error',
}: LineOptions = {}): ByteCodec {
  checkedChoice('ending', ending, ['lf', 'lf-or-crlf', 'crlf', 'any']);
  checkedChoice('unended', unended, ['error', 'emit']);
  if (checkedChoice('oversize', oversize, ['error', 'skip']) === 'skip' && ending === 'any') {
    throw new RangeError("oversize is 'skip' with the ending 'any'; allowed: lf, lf-or-crlf and crlf");
  }
  const codec = new LineCodec({ maxPayloadBytes: checkedLimit(maxPayloadBytes), ending, unended, oversize });
  return described(codec, () => ({ kind: 'line', ending, unended, ...(oversize === 'skip' && { oversize }) }));
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
    const { maxPayloadBytes, ending, unended, oversize } = this.#options;
    if (ending === 'any') return new AnyLineDecoder(maxPayloadBytes, unended, options);
    const rule = { maxPayloadBytes, ending, unended };
    return oversize === 'skip' ? new SkippingLineDecoder(rule, options) : new LineDecoder(rule, options);
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

  /** Readers drop one CR before LF: it must not be the line's own. */
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
    if (at >= 0) throw new FrameError('FRAME_ERR_PAYLOAD', `a line cannot contain LF, found at byte ${at} of ${payload.length}`);
    const cr = this.#options.ending === 'any' ? findByte(payload, CR, 0) : -1;
    if (cr >= 0) throw new FrameError('FRAME_ERR_PAYLOAD', `a line cannot contain CR, found at byte ${cr} of ${payload.length}`);
  }
}
