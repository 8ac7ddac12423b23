import { checkPayload } from '../check-bytes.ts';
import { ChunkDecoder } from '../decoding/chunk-decoder.ts';
import { findByte } from '../decoding/find-byte.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import { MeasuredCodec } from './measured-codec.ts';
import { plainFormat } from './plain-format.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameError } from '../errors.ts';

/** The code of a full run: 254 bytes without a zero after them. */
const FULL_RUN = 0xff;

/** Options of {@link cobs}. */
export interface CobsOptions {
  /** Longest payload in bytes, without the added codes. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
}

/**
 * Consistent overhead byte stuffing; each frame ends with 00. A code byte gives the distance to the next zero: code k precedes
 * k − 1 bytes that are not zero and stands for the zero after them; FF precedes 254 bytes without a zero after them. The zero
 * of the last code is not part of the payload. Source: Cheshire and Baker, 1999.
 *
 * ```
 *  +------+----------+------+----------+ … +----+     "hi"     -> 03 68 69 00
 *  | code | code − 1 | code | code − 1 |   | 00 |     11 00 22 -> 02 11 02 22 00
 *  +------+----------+------+----------+ … +----+
 * ```
 *
 * Additional zeros between frames are skipped.
 *
 * Errors: `FRAME_ERR_TOO_LARGE` on the code that announces a byte over the limit; `FRAME_ERR_BAD_ESCAPE` when a frame ends inside
 * a run.
 */
export function cobs({ maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES }: CobsOptions = {}): ByteCodec {
  return plainFormat(new CobsCodec(checkedLimit(maxPayloadBytes)), {
    summary: 'consistent overhead byte stuffing, each frame ended by 00',
    isCanonical: false,
  });
}

class CobsCodec extends MeasuredCodec {
  override readonly name = 'cobs';

  override createDecoder(options?: DecoderOptions): ByteDecoder {
    return new CobsDecoder(this.maxPayloadBytes, options);
  }

  /** Each zero is replaced by a code; one more code, one for each full run that bytes follow, and the 00 are added. */
  protected override frameBytes(payload: BytesIn): number {
    checkPayload(payload, this.maxPayloadBytes);
    let fullRuns = 0;
    let run = 0;
    for (let at = 0; at < payload.length; at++) {
      if (run === FULL_RUN - 1) {
        fullRuns++;
        run = 0;
      }
      run = payload[at] === 0 ? 0 : run + 1;
    }
    return payload.length + fullRuns + 2;
  }

  protected override write(target: Bytes, offset: number, payload: BytesIn): void {
    let codeAt = offset;
    let to = offset + 1;
    for (let at = 0; at < payload.length; at++) {
      const byte = payload[at]!;
      if (to - codeAt === FULL_RUN) {
        target[codeAt] = FULL_RUN;
        codeAt = to++;
      }
      if (byte === 0) {
        target[codeAt] = to - codeAt;
        codeAt = to++;
      } else {
        target[to++] = byte;
      }
    }
    target[codeAt] = to - codeAt;
    target[to] = 0;
  }
}

/** Collects frames as they are on the wire and removes codes once a frame is complete. */
class CobsDecoder extends ChunkDecoder {
  /** Codes seen in the current frame. */
  #codes = 0;
  /** Bytes still to come of the last code's run. */
  #runLeft = 0;
  /** Payload bytes announced so far, without the zero that the last code may stand for. */
  #payloadBytes = 0;
  /** Whether the last code stands for a zero, unless the frame ends with its run. */
  #hasZero = false;

  override advance(): boolean {
    this.throwIfFailed();
    if (this.#codes === 0) this.#skipZeros();
    // What was searched before is in `partial`, so no byte is searched twice.
    const end = this.position < this.chunkEnd ? findByte(this.chunk, 0, this.position) : -1;
    this.#walk(end < 0 ? this.chunkEnd : end);
    if (end < 0) return this.#hold();
    if (this.#runLeft > 0) throw this.#refuseRun();
    const start = this.position;
    const codes = this.#codes;
    const payloadBytes = this.#payloadBytes;
    this.reset();
    this.position = end + 1;
    if (codes === 1 && this.partial.length === 0) return this.found(start + 1, end);
    const rawBytes = this.partial.length + (end - start);
    if (end > start) this.partial.append(this.chunk, start, end, rawBytes);
    takeCodesOut(this.partial.peek());
    return this.foundPartial(rawBytes - payloadBytes);
  }

  override get neededBytes(): number {
    // The 00 at the end, and before it the rest of the last code's run, or the first code.
    return this.#codes === 0 ? 2 : this.#runLeft + 1;
  }

  protected override reset(): void {
    this.#codes = 0;
    this.#runLeft = 0;
    this.#payloadBytes = 0;
    this.#hasZero = false;
  }

  /** Skips the zeros between frames. */
  #skipZeros(): void {
    const start = this.position;
    while (this.position < this.chunkEnd && this.chunk[this.position] === 0) this.position++;
    this.skippedBytes += this.position - start;
  }

  /** Follows the codes in `chunk[position, end)`, which has no zeros. */
  #walk(end: number): void {
    let at = this.position + this.#runLeft;
    while (at < end) {
      const code = this.chunk[at]!;
      this.#payloadBytes += code - 1 + (this.#hasZero ? 1 : 0);
      if (this.#payloadBytes > this.maxPayloadBytes) throw this.#refuse(this.#payloadBytes);
      this.#hasZero = code < FULL_RUN;
      this.#codes++;
      at += code;
    }
    this.#runLeft = at - end;
  }

  #hold(): boolean {
    const { maxPayloadBytes } = this;
    const expected = maxPayloadBytes + Math.ceil(maxPayloadBytes / (FULL_RUN - 1)) + 1;
    if (this.position < this.chunkEnd) this.partial.append(this.chunk, this.position, this.chunkEnd, expected);
    this.position = this.chunkEnd;
    return this.wantMore();
  }

  #refuseRun(): FrameError {
    return this.fail('FRAME_ERR_BAD_ESCAPE', `00 inside a run, of which ${this.#runLeft} more bytes were announced`);
  }

  #refuse(payloadBytes: number): FrameError {
    return this.fail('FRAME_ERR_TOO_LARGE', `payload of at least ${payloadBytes} bytes, limit ${this.maxPayloadBytes}`, {
      declared: payloadBytes,
      limit: this.maxPayloadBytes,
    });
  }
}

/** Moves each run over its code, and writes the zeros that the codes stand for. */
function takeCodesOut(raw: Bytes): void {
  let to = 0;
  for (let from = 0; from < raw.length;) {
    const code = raw[from]!;
    const end = from + code;
    raw.copyWithin(to, from + 1, end);
    to += code - 1;
    if (code < FULL_RUN && end < raw.length) raw[to++] = 0;
    from = end;
  }
}
