import { shown } from '../check-bytes.ts';
import { FrameDecoder } from './decoder.ts';
import { writeInto, written } from './write-frame.ts';
import type { ByteDecoder, Bytes, BytesIn, Codec, Decoder, DecoderOptions } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';
import type { HeaderValues } from './header.ts';
import type { FrameLayout } from './layout.ts';

/** A payload with the fields of its header. */
export interface HeaderAndPayload<Fields, Payload = Bytes> {
  readonly header: Fields;
  readonly payload: Payload;
}

/** A decoder of payloads with the fields of their headers that can also be read in place. */
export interface FieldsDecoder<Fields>
  extends Decoder<HeaderAndPayload<Fields>>, Pick<ByteDecoder, 'advance' | 'payloadMemory' | 'payloadStart' | 'payloadEnd'> {
  /** The fields of the frame that `advance` found: read on access, valid until the next call of `advance`, `next` or `push`. */
  readonly header: Fields;
}

/** A codec of payloads with the fields of their headers. */
export interface FieldsCodec<Fields> extends Codec<HeaderAndPayload<Fields>, HeaderAndPayload<Fields, BytesIn>> {
  /** The names of the fields, in wire order. */
  readonly fields: readonly string[];
  createDecoder(options?: DecoderOptions): FieldsDecoder<Fields>;
}

/** The codec of a layout whose header has fields. */
export function fieldsCodec(layout: FrameLayout): FieldsCodec<HeaderValues> {
  return new LayoutFieldsCodec(layout);
}

class LayoutFieldsCodec implements FieldsCodec<HeaderValues> {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly fields: readonly string[];
  readonly #layout: FrameLayout;

  constructor(layout: FrameLayout) {
    this.name = layout.name;
    this.maxPayloadBytes = layout.maxPayloadBytes;
    this.fields = layout.fields.map(({ name }) => name);
    this.#layout = layout;
  }

  createDecoder(options?: DecoderOptions): FieldsDecoder<HeaderValues> {
    return new LayoutFieldsDecoder(new FrameDecoder(this.#layout, options));
  }

  encode(framed: HeaderAndPayload<HeaderValues, BytesIn>): Bytes {
    const { header, payload } = checkedFramed(this.#layout, framed);
    return written(this.#layout, header, payload);
  }

  encodeInto(writer: FrameWriter, framed: HeaderAndPayload<HeaderValues, BytesIn>): void {
    const { header, payload } = checkedFramed(this.#layout, framed);
    writeInto(this.#layout, writer, header, payload);
  }
}

/**
 * Checks that a message has header and payload.
 *
 * @throws TypeError that says what was given instead.
 */
function checkedFramed(layout: FrameLayout, framed: HeaderAndPayload<HeaderValues, BytesIn>): HeaderAndPayload<HeaderValues, BytesIn> {
  if (typeof framed?.header === 'object' && framed.header !== null) return framed;
  const fields = layout.fields.map(({ name }) => name).join(', ');
  const seen = framed?.header === undefined ? shown(framed) : `one with ${shown(framed.header)} as its header`;
  throw new TypeError(`${layout.name} carries objects { header: { ${fields} }, payload }, received ${seen}`);
}

/** Adds the header's fields to the payloads of a `FrameDecoder`. */
class LayoutFieldsDecoder implements FieldsDecoder<HeaderValues> {
  readonly #frames: FrameDecoder;

  constructor(frames: FrameDecoder) {
    this.#frames = frames;
  }

  get bufferedBytes(): number {
    return this.#frames.bufferedBytes;
  }

  get neededBytes(): number {
    return this.#frames.neededBytes;
  }

  get skippedBytes(): number {
    return this.#frames.skippedBytes;
  }

  get payloadMemory(): BytesIn {
    return this.#frames.payloadMemory;
  }

  get payloadStart(): number {
    return this.#frames.payloadStart;
  }

  get payloadEnd(): number {
    return this.#frames.payloadEnd;
  }

  get header(): HeaderValues {
    return this.#frames.headerFields();
  }

  advance(): boolean {
    return this.#frames.advance();
  }

  push(chunk: BytesIn): void {
    this.#frames.push(chunk);
  }

  next(): HeaderAndPayload<HeaderValues> | undefined {
    const payload = this.#frames.next();
    return payload === undefined ? undefined : { header: this.#frames.headerFields(), payload };
  }

  end(): void {
    this.#frames.end();
  }

  detach(): Bytes {
    return this.#frames.detach();
  }

  takeUndecoded(): BytesIn {
    return this.#frames.takeUndecoded();
  }
}
