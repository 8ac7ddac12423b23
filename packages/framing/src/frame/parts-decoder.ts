import { ChunkDecoder } from '../decoding/chunk-decoder.ts';
import { descriptionOf } from '../described.ts';
import { FrameError } from '../errors.ts';
import { FrameDecoder } from './decoder.ts';
import { headerFault, measureHeader, missingHeaderBytes, readFields, readLength } from './header.ts';
import { compileLayout, paddingOf } from './layout.ts';
import { addedPayload, faultAt, finishedChecksum, headerChecksum } from './trailer.ts';
import type { Bytes, BytesIn, Codec, Decoder, DecoderOptions } from '../codec.ts';
import type { FrameErrorCode, FrameErrorDetails } from '../errors.ts';
import type { HeaderValues } from './header.ts';
import type { FrameLayout } from './layout.ts';
import type { FrameOptions } from './options.ts';
import type { PlacedChecksum } from './place-trailers.ts';

/** What comes before the parts of a payload. */
export interface PartsHead {
  /** How long the payload is, in bytes. */
  readonly byteLength: number;
  /** Values of the header's fields, of a format that has some. */
  readonly header: HeaderValues | undefined;
}

/** The payload is over, and what stands behind it was right. */
export const PARTS_END: unique symbol = Symbol('end of the parts');

/** The head of a payload, its bytes in parts, its end. */
export type PartsStep = PartsHead | Bytes | typeof PARTS_END;

/**
 * Decodes a format whose header says how long a payload is, part by part: memory does not follow that length.
 *
 * @throws RangeError for another format.
 */
export function createPartsDecoder(codec: Codec<unknown, never>, options?: DecoderOptions): PartsDecoder {
  return new PartsDecoder(layoutBehind(codec), options);
}

interface Refusal {
  readonly code: FrameErrorCode;
  readonly message: string;
  readonly declared?: number | undefined;
}

type Description = { readonly frame: FrameOptions } | { readonly renamed: Codec<unknown, never> };

function layoutBehind(codec: Codec<unknown, never>): FrameLayout {
  const description = (descriptionOf(codec) ?? {}) as Description;
  if ('renamed' in description) return layoutBehind(description.renamed);
  if ('frame' in description) return compileLayout({ ...description.frame, maxPayloadBytes: codec.maxPayloadBytes });
  throw new RangeError(
    `${codec.name} cannot be read in parts; allowed: formats whose header says how long a payload is: those of frame() and lengthPrefixed()`,
  );
}

/** See {@link createPartsDecoder}. */
export class PartsDecoder implements Decoder<PartsStep> {
  readonly #steps: Steps;

  constructor(layout: FrameLayout, options?: DecoderOptions) {
    this.#steps = new Steps(layout, options);
  }

  /** Whether the header of a frame was read, and not its end. */
  get isInside(): boolean {
    return this.#steps.isInside;
  }

  get bufferedBytes(): number {
    return this.#steps.bufferedBytes;
  }

  get neededBytes(): number {
    return this.#steps.neededBytes;
  }

  push(chunk: Uint8Array): void {
    this.#steps.push(chunk);
  }

  next(): PartsStep | undefined {
    return this.#steps.advance() ? this.#steps.step : undefined;
  }

  end(): void {
    this.#steps.end();
  }

  detach(): Bytes {
    return this.#steps.detach();
  }

  takeUndecoded(): BytesIn {
    return this.#steps.takeUndecoded();
  }
}

/**
 * The steps of one stream.
 *
 * ```
 *   header --> payload --> rest: padding, then the trailer --> header
 * ```
 */
class Steps extends ChunkDecoder {
  step: PartsStep = PARTS_END;
  readonly #layout: FrameLayout;
  readonly #header: Bytes;
  #headerBytes = 0;
  #phase: 'header' | 'payload' | 'rest' = 'header';
  /** Bytes that are missing of the payload, and of the padding. */
  #payloadLeft = 0;
  #paddingLeft = 0;
  readonly #trailer: Bytes;
  #trailerBytes = 0;
  /** Checksums as far as the payload came. */
  readonly #sums = new Map<PlacedChecksum, number>();
  /** Bytes of the stream before this frame, and of this frame before the chunk's position. */
  #frameOffset = 0;
  #taken = 0;

  constructor(layout: FrameLayout, options: DecoderOptions = {}) {
    super(layout.maxPayloadBytes, options);
    this.#layout = layout;
    this.#header = new Uint8Array(layout.maxHeaderBytes);
    this.#trailer = new Uint8Array(layout.trailerBytes);
  }

  get isInside(): boolean {
    return this.#phase !== 'header';
  }

  override get neededBytes(): number {
    if (this.#phase === 'header') return missingHeaderBytes(this.#layout, this.#header, this.#headerBytes);
    return this.#payloadLeft + this.#paddingLeft + this.#trailer.length - this.#trailerBytes;
  }

  override advance(): boolean {
    this.throwIfFailed();
    this.checkChunk();
    if (this.#phase === 'header') return this.#readHeader() || this.wantMore();
    if (this.#phase === 'payload' && this.#payloadLeft > 0) return this.#takePart() || this.wantMore();
    this.#phase = 'rest';
    return this.#takeRest() || this.wantMore();
  }

  override end(): void {
    this.throwIfFailed();
    if (!this.isInside) return super.end();
    const message = `stream ended inside a frame: ${this.#taken} bytes of it arrived, ${this.neededBytes} more needed`;
    throw this.#failFrame('FRAME_ERR_TRUNCATED', message, {});
  }

  protected override heldHeader(): Bytes {
    return this.isInside ? super.heldHeader() : this.#header.subarray(0, this.#headerBytes);
  }

  protected override reset(): void {
    this.#frameOffset += this.#taken;
    this.#taken = 0;
    this.#headerBytes = 0;
    this.#trailerBytes = 0;
    this.#phase = 'header';
  }

  #take(byteLength: number): void {
    this.position += byteLength;
    this.#taken += byteLength;
  }

  #readHeader(): boolean {
    const layout = this.#layout;
    if (this.#headerBytes === 0 && layout.idle !== undefined) this.#skipIdle(layout.idle);
    while (this.position < this.chunkEnd) {
      const missing = Math.min(missingHeaderBytes(layout, this.#header, this.#headerBytes), this.chunkEnd - this.position);
      this.#header.set(this.chunk.subarray(this.position, this.position + missing), this.#headerBytes);
      this.#headerBytes += missing;
      this.#take(missing);
      const headerBytes = measureHeader(layout, this.#header, 0, this.#headerBytes);
      if (headerBytes > 0) return this.#begin();
      if (headerBytes < 0) throw this.#refused(headerFault(layout, this.#header, 0, this.#headerBytes));
    }
    return false;
  }

  #skipIdle(isIdle: readonly boolean[]): void {
    const start = this.position;
    while (this.position < this.chunkEnd && isIdle[this.chunk[this.position]!]!) this.position++;
    this.skippedBytes += this.position - start;
    this.#frameOffset += this.position - start;
  }

  #begin(): true {
    const layout = this.#layout;
    const header = this.#header.subarray(0, this.#headerBytes);
    this.#check(header);
    const payloadBytes = readLength(layout, header, 0, header.length) - layout.adjustment;
    this.#payloadLeft = payloadBytes;
    this.#paddingLeft = layout.padding === undefined ? 0 : paddingOf(layout, payloadBytes);
    for (const trailer of layout.trailers) {
      if (!('bytes' in trailer))
        this.#sums.set(trailer, headerChecksum(layout, trailer, { header, headerStart: 0, headerBytes: header.length }));
    }
    this.#phase = 'payload';
    this.step = { byteLength: payloadBytes, header: layout.fields.length === 0 ? undefined : readFields(layout, header, 0, header.length) };
    return true;
  }

  /** What a decoder of whole frames refuses on their header is refused here, with the same words. */
  #check(header: Bytes): void {
    const decoder = new FrameDecoder(this.#layout);
    try {
      decoder.push(header);
      decoder.advance();
    } catch (error) {
      throw error instanceof FrameError ? this.#refused(error) : error;
    }
  }

  #refused({ code, message, declared }: Refusal): FrameError {
    const [what] = message.split(' (frame 0 at byte 0');
    return this.#failFrame(code, what!, { ...(declared !== undefined && { declared }), limit: this.maxPayloadBytes });
  }

  /** Of the frame the header alone is there to be shown. */
  #failFrame(code: FrameErrorCode, message: string, details: FrameErrorDetails): FrameError {
    if (this.isInside) this.position = this.chunkEnd;
    this.#phase = 'header';
    return this.fail(code, message, { ...details, offset: this.#frameOffset });
  }

  #takePart(): boolean {
    const byteLength = Math.min(this.#payloadLeft, this.chunkEnd - this.position);
    if (byteLength === 0) return false;
    const part = this.part(this.position, this.position + byteLength);
    for (const [placed, state] of this.#sums) this.#sums.set(placed, addedPayload(placed, state, part, 0, byteLength));
    this.#payloadLeft -= byteLength;
    this.#take(byteLength);
    this.step = part;
    return true;
  }

  #takeRest(): boolean {
    const padding = Math.min(this.#paddingLeft, this.chunkEnd - this.position);
    this.#paddingLeft -= padding;
    this.#take(padding);
    const trailerBytes = Math.min(this.#trailer.length - this.#trailerBytes, this.chunkEnd - this.position);
    // Not without a byte: the last part may have been transferred, and all of the chunk with it.
    if (trailerBytes > 0) this.#trailer.set(this.chunk.subarray(this.position, this.position + trailerBytes), this.#trailerBytes);
    this.#trailerBytes += trailerBytes;
    this.#take(trailerBytes);
    if (this.#paddingLeft > 0 || this.#trailerBytes < this.#trailer.length) return false;
    const found = faultAt(this.#layout, this.#trailer, 0, (placed) => finishedChecksum(placed, this.#sums.get(placed)!));
    if (found !== undefined) throw this.#refused(found);
    this.reset();
    this.step = PARTS_END;
    return this.found(0, 0);
  }
}
