import { ChunkDecoder } from '../decoding/chunk-decoder.ts';
import { returnedText } from '../decoding/thrown.ts';
import { FrameError, tooLarge } from '../errors.ts';
import type { Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameErrorCode } from '../errors.ts';

/** What is known of the beginning of a frame: how long the whole is, 0 for not yet, or how many bytes belong to none. */
export type Measured = number | { readonly skip: number };

/** A format that one function measures, as its decoders need it. */
export interface MeasuredFormat {
  readonly measure: (bytes: BytesIn, start: number, end: number, state: never) => Measured;
  /** Makes what `measure` is given for each frame anew. */
  readonly state: (() => unknown) | undefined;
  /** What of a whole frame is handed out; all of it when absent. */
  readonly unwrap: ((frame: Bytes) => BytesIn) | undefined;
  readonly maxPayloadBytes: number;
  /** Longest frame: more than the payload where something of it is taken off. */
  readonly maxFrameBytes: number;
  /** How many bytes of a frame `measure` may see at most before it must know. */
  readonly maxHeaderBytes: number;
}

/** Reads a format that one function measures. */
export class CustomDecoder extends ChunkDecoder {
  readonly #format: MeasuredFormat;
  readonly #maxHeaderBytes: number;
  /** What it is to reach that without an answer. */
  readonly #limitCode: FrameErrorCode;
  /** Length of the frame under way; 0 until it is measured. */
  #frameBytes = 0;
  #state: unknown;

  constructor(format: MeasuredFormat, options?: DecoderOptions) {
    super(format.maxPayloadBytes, options);
    this.#format = format;
    const { maxFrameBytes, maxHeaderBytes } = format;
    // A frame is longer than what was seen of it, so the frame's own limit holds for the header too.
    this.#maxHeaderBytes = Math.min(maxHeaderBytes, maxFrameBytes);
    this.#limitCode = maxHeaderBytes <= maxFrameBytes ? 'FRAME_ERR_HEADER_TOO_LONG' : 'FRAME_ERR_TOO_LARGE';
  }

  override advance(): boolean {
    this.throwIfFailed();
    this.checkChunk();
    while (this.position < this.chunkEnd) {
      const isFound = this.partial.length > 0 ? this.#advanceAcrossChunks() : this.#advanceInChunk();
      if (isFound !== undefined) return isFound;
    }
    return this.wantMore();
  }

  override get neededBytes(): number | undefined {
    return this.#frameBytes === 0 ? undefined : this.#frameBytes - this.partial.length;
  }

  protected override reset(): void {
    this.#frameBytes = 0;
    this.#state = undefined;
  }

  /** `undefined` when bytes were passed over, and the next ones are to be looked at. */
  #advanceInChunk(): boolean | undefined {
    const start = this.position;
    const frameBytes = this.#measured(this.plainChunk(), start, Math.min(this.chunkEnd, start + this.#maxHeaderBytes));
    if (frameBytes < 0) return this.#skip(-frameBytes);
    const end = frameBytes === 0 ? this.chunkEnd : start + frameBytes;
    if (frameBytes === 0 || end > this.chunkEnd) {
      this.#frameBytes = frameBytes;
      this.#collect(this.chunkEnd - start);
      return this.wantMore();
    }
    const chunk = this.plainChunk();
    const payload = this.#unwrapped(chunk, start, end);
    this.reset();
    this.position = end;
    if (payload === undefined) return this.found(start, end);
    if (payload.buffer === chunk.buffer) return this.#foundWithin(payload, chunk);
    this.partial.append(payload, 0, payload.length, payload.length);
    return this.foundPartial();
  }

  #foundWithin({ byteOffset, length }: BytesIn, chunk: BytesIn): true {
    const start = byteOffset - chunk.byteOffset;
    return this.found(start, start + length);
  }

  #skip(byteLength: number): undefined {
    this.position += byteLength;
    this.skippedBytes += byteLength;
    this.reset();
  }

  #advanceAcrossChunks(): boolean | undefined {
    if (this.#frameBytes === 0) {
      const measured = this.#measureAgain();
      if (measured < 0) return undefined;
      if (measured === 0) return this.wantMore();
    }
    const missingBytes = this.#frameBytes - this.partial.length;
    if (missingBytes > 0) this.#collect(Math.min(missingBytes, this.chunkEnd - this.position));
    const excessBytes = this.partial.length - this.#frameBytes;
    if (excessBytes < 0) return this.wantMore();
    const payload = this.#unwrapped(this.partial.bytes, 0, this.#frameBytes);
    // More of the chunk was shown to `measure` than belongs to the frame.
    this.position -= excessBytes;
    this.reset();
    if (payload === undefined) return this.foundPartial(excessBytes);
    return this.#foundCollected(payload);
  }

  #foundCollected(payload: BytesIn): true {
    const { partial } = this;
    if (payload.buffer === partial.bytes.buffer) {
      const start = payload.byteOffset - partial.bytes.byteOffset;
      partial.bytes.copyWithin(0, start, start + payload.length);
      return this.foundPartial(partial.length - payload.length);
    }
    partial.restart();
    partial.append(payload, 0, payload.length, payload.length);
    return this.foundPartial();
  }

  /** Shows `measure` what is held with more of the chunk. */
  #measureAgain(): number {
    const heldBytes = this.partial.length;
    this.#collect(Math.min(this.#maxHeaderBytes - heldBytes, this.chunkEnd - this.position));
    const measured = this.#measured(this.partial.peek(), 0, this.partial.length);
    const told = Math.abs(measured);
    if (measured !== 0 && told < heldBytes) {
      const what = measured < 0 ? `${told} bytes reported as outside a frame` : `frame measured as ${told} bytes`;
      throw this.fail('FRAME_ERR_MALFORMED_LENGTH', `${what}, after ${heldBytes} were reported as too few`, { declared: told });
    }
    if (measured >= 0) {
      this.#frameBytes = measured;
      return measured;
    }
    this.position -= this.partial.length - told;
    this.skippedBytes += told;
    this.partial.restart();
    this.reset();
    return measured;
  }

  #collect(byteLength: number): void {
    const end = this.position + byteLength;
    const expected = this.#frameBytes === 0 ? this.#maxHeaderBytes : this.#frameBytes;
    this.partial.append(this.chunk, this.position, end, expected);
    this.position = end;
    this.missing = Math.max(0, this.#frameBytes - this.partial.length);
  }

  /** The length of the frame, 0 while it is not known; negative, how many bytes are to be passed over. */
  #measured(bytes: BytesIn, start: number, end: number): number {
    const measured = this.#ask(bytes, start, end);
    const limit = this.#format.maxFrameBytes;
    if (typeof measured === 'object' && measured !== null && 'skip' in measured) return -this.#checkedSkip(measured.skip, end - start);
    if (measured > limit) {
      throw this.fail('FRAME_ERR_TOO_LARGE', `frame of ${measured} bytes, limit ${limit}`, { declared: measured, limit });
    }
    if (!Number.isSafeInteger(measured) || measured < 0) {
      throw this.fail('FRAME_ERR_MALFORMED_LENGTH', `frame measured as ${returnedText(measured)} bytes`, { declared: measured, limit });
    }
    if (measured === 0) this.#checkSeen(end - start);
    return measured;
  }

  #checkedSkip(skip: number, seenBytes: number): number {
    if (Number.isSafeInteger(skip) && skip >= 1 && skip <= seenBytes) return skip;
    throw this.fail('FRAME_ERR_MALFORMED_LENGTH', `${returnedText(skip)} bytes to skip, of ${seenBytes} that were given`);
  }

  #ask(bytes: BytesIn, start: number, end: number): Measured {
    try {
      this.#state ??= this.#format.state?.();
      return this.#format.measure(bytes, start, end, this.#state as never);
    } catch (thrown) {
      throw this.#failAs(thrown, 'measuring the frame');
    }
  }

  #unwrapped(bytes: Bytes | BytesIn, start: number, end: number): BytesIn | undefined {
    const { unwrap } = this.#format;
    if (unwrap === undefined) return undefined;
    let payload: BytesIn;
    try {
      payload = unwrap(bytes.subarray(start, end) as Bytes);
    } catch (thrown) {
      throw this.#failAs(thrown, 'unwrapping the frame');
    }
    if (!(payload instanceof Uint8Array)) throw this.fail('FRAME_ERR_PAYLOAD', `unwrapping the frame returned ${returnedText(payload)}`);
    if (payload.length <= this.maxPayloadBytes) return payload;
    const { message } = tooLarge(payload.length, this.maxPayloadBytes);
    throw this.fail('FRAME_ERR_TOO_LARGE', message, { declared: payload.length, limit: this.maxPayloadBytes });
  }

  #failAs(thrown: unknown, what: string): FrameError {
    if (!(thrown instanceof FrameError)) return this.failBecause(thrown, what);
    const { declared, limit } = thrown;
    const error = this.fail(thrown.code, thrown.message, {
      ...(declared !== undefined && { declared }),
      ...(limit !== undefined && { limit }),
    });
    error.cause = thrown;
    return error;
  }

  #checkSeen(seenBytes: number): void {
    const limit = this.#maxHeaderBytes;
    if (seenBytes < limit) return;
    throw this.fail(this.#limitCode, `frame not measured after ${limit} bytes, which is the limit`, { declared: limit + 1, limit });
  }
}
