import { checkPayload } from '../check-bytes.ts';
import { ChunkDecoder } from '../decoding/chunk-decoder.ts';
import { returnedText, thrownText } from '../decoding/thrown.ts';
import { FrameError } from '../errors.ts';
import { DEFAULT_MAX_HEADER_BYTES, DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import { MeasuredCodec } from './measured-codec.ts';
import type { ByteCodec, ByteDecoder, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameErrorCode } from '../errors.ts';

/**
 * Says how long the frame is that starts at `bytes[start]`, of which `bytes[start, end)` is there: its length in bytes, header and all,
 * or 0 when more bytes are needed to tell. It may name a length beyond `end`; it may throw when no frame starts like that.
 *
 * It is asked again, from the start of the frame, each time that bytes came, so it must depend on nothing else, and must not
 * need bytes behind the frame. So a function that walks over `n` bytes before it knows walks over `n * n / 2` of them when they come one by
 * one: `maxHeaderBytes` bounds that, and the default keeps it at 34 million steps a frame. Raise it only for peers that you trust.
 */
export type Measure = (bytes: BytesIn, start: number, end: number) => number;

/** Options of {@link custom}. */
export interface CustomOptions {
  /** The format's name. */
  readonly name: string;
  /** Measures a frame. */
  readonly measure: Measure;
  /** Longest frame, in bytes: the payload is the whole frame. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /** How many bytes of a frame `measure` may see at most before it must know. At least 1. @defaultValue 8192 */
  readonly maxHeaderBytes?: number;
}

/**
 * A format of your own, from one function that measures frames. Payloads are whole frames, headers included; what is inside them
 * is for a payload codec to tell ({@link withPayload}). After Erlang's `packet_get_length`.
 *
 * ```ts
 * // A kind, a length, that many bytes.
 * custom({ name: 'kind-u8', measure: (bytes, start, end) => (end - start < 2 ? 0 : 2 + bytes[start + 1]!) });
 * ```
 *
 * Errors: `FRAME_ERR_TOO_LARGE` as soon as a frame is measured to be over the limit; `FRAME_ERR_HEADER_TOO_LONG` when `measure` has seen
 * `maxHeaderBytes` and does not know; `FRAME_ERR_MALFORMED_LENGTH` when it returns what is no length; `FRAME_ERR_PAYLOAD` when it throws,
 * with what it threw as the cause, unless that is a `FrameError`, whose code is kept. Encoding a payload that `measure` does
 * not find to be exactly one frame is `FRAME_ERR_PAYLOAD`.
 *
 * @throws RangeError when a limit is no whole number, or 0.
 */
export function custom({
  name,
  measure,
  maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES,
  maxHeaderBytes = DEFAULT_MAX_HEADER_BYTES,
}: CustomOptions): ByteCodec {
  if (checkedLimit(maxPayloadBytes) === 0) throw new RangeError('maxPayloadBytes is 0, a frame has at least 1');
  if (!Number.isSafeInteger(maxHeaderBytes) || maxHeaderBytes < 1) {
    throw new RangeError(`maxHeaderBytes is ${maxHeaderBytes}, allowed are whole numbers from 1 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return new CustomCodec({ name, measure, maxPayloadBytes, maxHeaderBytes });
}

class CustomCodec extends MeasuredCodec {
  override readonly name: string;
  readonly #options: Required<CustomOptions>;

  constructor(options: Required<CustomOptions>) {
    super(options.maxPayloadBytes);
    this.name = options.name;
    this.#options = options;
  }

  override createDecoder(options?: DecoderOptions): ByteDecoder {
    return new CustomDecoder(this.#options, options);
  }

  protected override frameBytes(payload: BytesIn): number {
    checkPayload(payload, this.maxPayloadBytes);
    const { measure, maxHeaderBytes } = this.#options;
    let measured: number;
    try {
      measured = measure(payload, 0, Math.min(payload.length, maxHeaderBytes));
    } catch (thrown) {
      if (thrown instanceof FrameError) throw thrown;
      throw withCause(new FrameError('FRAME_ERR_PAYLOAD', `measuring the frame threw ${thrownText(thrown)}`), thrown);
    }
    if (payload.length === 0 || measured !== payload.length) {
      throw new FrameError('FRAME_ERR_PAYLOAD', `frame of ${payload.length} bytes, of which ${returnedText(measured)} are measured`);
    }
    return measured;
  }
}

class CustomDecoder extends ChunkDecoder {
  readonly #measure: Measure;
  readonly #maxHeaderBytes: number;
  /** What it is to reach that without an answer. */
  readonly #limitCode: FrameErrorCode;
  /** Length of the frame under way; 0 until it is measured. */
  #frameBytes = 0;

  constructor({ measure, maxPayloadBytes, maxHeaderBytes }: Required<CustomOptions>, options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#measure = measure;
    // A frame is longer than what was seen of it, so the frame's own limit holds for the header too.
    this.#maxHeaderBytes = Math.min(maxHeaderBytes, maxPayloadBytes);
    this.#limitCode = maxHeaderBytes <= maxPayloadBytes ? 'FRAME_ERR_HEADER_TOO_LONG' : 'FRAME_ERR_TOO_LARGE';
  }

  override advance(): boolean {
    this.throwIfFailed();
    if (this.position === this.chunkEnd) return this.wantMore();
    if (this.partial.length > 0) return this.#advanceAcrossChunks();
    const start = this.position;
    const frameBytes = this.#measured(this.plainChunk(), start, Math.min(this.chunkEnd, start + this.#maxHeaderBytes));
    const end = frameBytes === 0 ? this.chunkEnd : start + frameBytes;
    if (frameBytes > 0 && end <= this.chunkEnd) {
      this.position = end;
      return this.found(start, end);
    }
    this.#frameBytes = frameBytes;
    this.#collect(this.chunkEnd - start);
    return this.wantMore();
  }

  override get neededBytes(): number | undefined {
    return this.#frameBytes === 0 ? undefined : this.#frameBytes - this.partial.length;
  }

  protected override reset(): void {
    this.#frameBytes = 0;
  }

  #advanceAcrossChunks(): boolean {
    if (this.#frameBytes === 0 && !this.#measureAgain()) return this.wantMore();
    const missingBytes = this.#frameBytes - this.partial.length;
    if (missingBytes > 0) this.#collect(Math.min(missingBytes, this.chunkEnd - this.position));
    const excessBytes = this.partial.length - this.#frameBytes;
    if (excessBytes < 0) return this.wantMore();
    // More of the chunk was shown to `measure` than belongs to the frame.
    this.position -= excessBytes;
    this.reset();
    return this.foundPartial(excessBytes);
  }

  /** Shows `measure` what is held with more of the chunk; false when it still cannot tell. */
  #measureAgain(): boolean {
    const heldBytes = this.partial.length;
    this.#collect(Math.min(this.#maxHeaderBytes - heldBytes, this.chunkEnd - this.position));
    const frameBytes = this.#measured(this.partial.peek(), 0, this.partial.length);
    if (frameBytes > 0 && frameBytes < heldBytes) {
      const message = `frame measured to be ${frameBytes} bytes, after ${heldBytes} were said to be too few`;
      throw this.fail('FRAME_ERR_MALFORMED_LENGTH', message, { declared: frameBytes });
    }
    this.#frameBytes = frameBytes;
    return frameBytes > 0;
  }

  #collect(byteLength: number): void {
    const end = this.position + byteLength;
    const expected = this.#frameBytes === 0 ? Math.min(this.#maxHeaderBytes, this.maxPayloadBytes) : this.#frameBytes;
    this.partial.append(this.chunk, this.position, end, expected);
    this.position = end;
    this.missing = Math.max(0, this.#frameBytes - this.partial.length);
  }

  #measured(bytes: BytesIn, start: number, end: number): number {
    const frameBytes = this.#ask(bytes, start, end);
    const limit = this.maxPayloadBytes;
    if (frameBytes > limit) {
      throw this.fail('FRAME_ERR_TOO_LARGE', `frame of ${frameBytes} bytes, limit ${limit}`, { declared: frameBytes, limit });
    }
    if (!Number.isSafeInteger(frameBytes) || frameBytes < 0) {
      throw this.fail('FRAME_ERR_MALFORMED_LENGTH', `frame measured to be ${returnedText(frameBytes)} bytes`, {
        declared: frameBytes,
        limit,
      });
    }
    if (frameBytes === 0) this.#checkSeen(end - start);
    return frameBytes;
  }

  #ask(bytes: BytesIn, start: number, end: number): number {
    try {
      return this.#measure(bytes, start, end);
    } catch (thrown) {
      if (!(thrown instanceof FrameError)) {
        throw this.failBecause(thrown, 'measuring the frame');
      }
      const { declared, limit } = thrown;
      throw withCause(
        this.fail(thrown.code, thrown.message, { ...(declared !== undefined && { declared }), ...(limit !== undefined && { limit }) }),
        thrown,
      );
    }
  }

  #checkSeen(seenBytes: number): void {
    const limit = this.#maxHeaderBytes;
    if (seenBytes < limit) return;
    throw this.fail(this.#limitCode, `frame not measured after ${limit} bytes, which is the limit`, { declared: limit + 1, limit });
  }
}

function withCause(error: FrameError, cause: unknown): FrameError {
  error.cause = cause;
  return error;
}
