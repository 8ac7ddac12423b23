import { checkBytes, checkPayload, shown } from '../check-bytes.ts';
import { lengthPrefixed } from '../codecs/length-prefixed/length-prefixed.ts';
import { named } from '../codecs/named.ts';
import { described } from '../described.ts';
import { FrameError } from '../errors.ts';
import { checkFits, isInteger } from '../fields/length-field.ts';
import { frameMemory } from '../frame-memory.ts';
import { FrameDecoder } from './decoder.ts';
import { compileLayout, paddingOf } from './layout.ts';
import { writeTrailer } from './trailer.ts';
import { wholeFrames } from './whole-frames.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, Codec, Decoder, DecoderOptions } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';
import type { HeaderValues } from './header.ts';
import type { FrameLayout, HeaderField } from './layout.ts';
import type { Opaque, Reserved } from './opaque.ts';
import type { Constant, FrameHeader, FrameOptions } from './options.ts';

/** The header's fields, as numbers or bytes: its keys without `length`, constants and what is reserved. */
export type FieldsOf<Header extends FrameHeader> = {
  readonly [
    Name in keyof Header as Name extends 'length' ? never : Header[Name] extends Constant | Reserved ? never : Name
  ]: Header[Name] extends Opaque ? Bytes : number;
};

/** A payload with the fields of its header. */
export interface Framed<Fields, Payload = Bytes> {
  readonly header: Fields;
  readonly payload: Payload;
}

/** What `frame` makes: a codec of bytes, or of `{ header, payload }` where the header has fields besides the length. */
export type FrameCodec<Header extends FrameHeader> = keyof FieldsOf<Header> extends never
  ? ByteCodec
  : Codec<Framed<FieldsOf<Header>>, Framed<FieldsOf<Header>, BytesIn>>;

/**
 * Any format that says in a header how long it is: one layout that both reads and writes.
 *
 * ```ts
 * frame({ header: { length: u32be } });                                          // a ByteCodec
 * frame({ header: { magic: constant(3, 0), length: u16be }, counts: 'frame' });  // TPKT: the length counts all
 * frame({ header: { type: u8, channel: u16be, length: u32be }, trailer: constant(0xce) });
 * ```
 *
 * The last one is AMQP's frame, with `{ header: { type: 1, channel: 0 }, payload: "hi" }`:
 *
 * ```
 *  0      1         3        7            7+n  8+n
 *  +------+---------+--------+------------+----+     01 00 00 00 00 00 02 68 69 ce
 *  | type | channel | n: u32 | payload: n | ce |
 *  +------+---------+--------+------------+----+
 * ```
 *
 * Errors: `FRAME_ERR_BAD_MAGIC` at the first constant byte of the header that differs, as it arrives; `FRAME_ERR_TOO_LARGE`,
 * `FRAME_ERR_MALFORMED_LENGTH` (negative, or less than what it counts besides the payload) and `FRAME_ERR_UNSAFE_INTEGER`
 * on the byte that completes the header, before any payload is stored; `FRAME_ERR_OVERLONG_VARINT` and
 * `FRAME_ERR_HEADER_TOO_LONG` inside the length; `FRAME_ERR_BAD_TRAILER` and `FRAME_ERR_BAD_CHECKSUM` at the end of a frame.
 *
 * @throws RangeError when the layout cannot work: no length or two, a limit that the length cannot express, a length of varying
 * width that counts itself, padding that cannot be told from the payload.
 */
export function frame<Header extends FrameHeader>(options: FrameOptions<Header> & { readonly emit: 'frame' }): ByteCodec;
export function frame<Header extends FrameHeader>(options: FrameOptions<Header> & { readonly emit?: 'payload' }): FrameCodec<Header>;
export function frame(options: FrameOptions): ByteCodec | Codec<Framed<AnyFields>, Framed<AnyFields, BytesIn>> {
  const layout = compileLayout(options);
  const { name, length, maxPayloadBytes } = layout;
  if (layout.isPlain && isInteger(length)) return named(name, lengthPrefixed({ length, maxPayloadBytes }));
  const print = (): unknown => ({ frame: { ...options, name } });
  if (layout.emitsFrames) return described(wholeFrames(layout), print);
  return layout.fields.length === 0 ? described(new PayloadCodec(layout), print) : described(new FieldsCodec(layout), print);
}

type AnyFields = HeaderValues;

const NO_FIELDS: AnyFields = {};

class PayloadCodec implements ByteCodec {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly #layout: FrameLayout;

  constructor(layout: FrameLayout) {
    this.name = layout.name;
    this.maxPayloadBytes = layout.maxPayloadBytes;
    this.#layout = layout;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return new FrameDecoder(this.#layout, options);
  }

  encode(payload: BytesIn): Bytes {
    const size = sizeOf(this.#layout, NO_FIELDS, payload);
    const target = frameMemory(size.total);
    write(this.#layout, target, 0, NO_FIELDS, payload, size);
    return target;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    const size = sizeOf(this.#layout, NO_FIELDS, payload);
    const offset = writer.reserve(size.total);
    write(this.#layout, writer.bytes, offset, NO_FIELDS, payload, size);
  }
}

class FieldsCodec implements Codec<Framed<AnyFields>, Framed<AnyFields, BytesIn>> {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly #layout: FrameLayout;

  constructor(layout: FrameLayout) {
    this.name = layout.name;
    this.maxPayloadBytes = layout.maxPayloadBytes;
    this.#layout = layout;
  }

  createDecoder(options?: DecoderOptions): Decoder<Framed<AnyFields>> {
    return new FieldsDecoder(new FrameDecoder(this.#layout, options));
  }

  encode(framed: Framed<AnyFields, BytesIn>): Bytes {
    const { header, payload } = checkedFramed(this.#layout, framed);
    const size = sizeOf(this.#layout, header, payload);
    const target = frameMemory(size.total);
    write(this.#layout, target, 0, header, payload, size);
    return target;
  }

  encodeInto(writer: FrameWriter, framed: Framed<AnyFields, BytesIn>): void {
    const { header, payload } = checkedFramed(this.#layout, framed);
    const size = sizeOf(this.#layout, header, payload);
    const offset = writer.reserve(size.total);
    write(this.#layout, writer.bytes, offset, header, payload, size);
  }
}

/**
 * Checks that header and payload are there.
 *
 * @throws TypeError that says what was given instead.
 */
function checkedFramed(layout: FrameLayout, framed: Framed<AnyFields, BytesIn>): Framed<AnyFields, BytesIn> {
  if (typeof framed?.header === 'object' && framed.header !== null) return framed;
  const fields = layout.fields.map(({ name }) => name).join(', ');
  const seen = framed?.header === undefined ? shown(framed) : `one with ${shown(framed.header)} as its header`;
  throw new TypeError(`${layout.name} carries objects { header: { ${fields} }, payload }, seen was ${seen}`);
}

/** Adds the header's fields to what a `FrameDecoder` finds. */
class FieldsDecoder implements Decoder<Framed<AnyFields>> {
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

  push(chunk: BytesIn): void {
    this.#frames.push(chunk);
  }

  next(): Framed<AnyFields> | undefined {
    const payload = this.#frames.next();
    return payload === undefined ? undefined : { header: this.#frames.headerFields(), payload };
  }

  end(): void {
    this.#frames.end();
  }

  detach(): Bytes {
    return this.#frames.detach();
  }
}

interface FrameSize {
  readonly header: number;
  readonly padding: number;
  readonly total: number;
}

/** Checks that a frame can be read back, and how long it is: what is refused leaves nothing behind in a slab. */
function sizeOf(layout: FrameLayout, fields: AnyFields, payload: BytesIn): FrameSize {
  checkPayload(payload, layout.maxPayloadBytes);
  const payloadBytes = payload.length;
  const declared = payloadBytes + layout.adjustment;
  if (declared < layout.minLength) {
    throw new FrameError(
      'FRAME_ERR_PAYLOAD',
      `a payload of ${payloadBytes} bytes needs a length of ${declared}, allowed are ${layout.minLength} or more`,
    );
  }
  for (const field of layout.fields) checkField(field, fields[field.name]);
  const padding = paddingFor(layout, payloadBytes);
  if (padding < 0) throw new FrameError('FRAME_ERR_PAYLOAD', `no padding can follow a payload of ${payloadBytes} bytes`);
  const { length } = layout;
  const header = layout.before + (isInteger(length) ? length.byteLength : length.byteLengthOf(declared)) + layout.after;
  return { header, padding, total: header + payloadBytes + padding + layout.trailerBytes };
}

function checkField({ name, field }: HeaderField, value: number | Bytes | undefined): void {
  if (!('opaqueBytes' in field)) {
    checkFits(field, typeof value === 'number' ? value : Number.NaN);
    return;
  }
  const bytes = value as Bytes;
  checkBytes(bytes, name);
  if (bytes.length === field.opaqueBytes) return;
  throw new FrameError('FRAME_ERR_PAYLOAD', `${name} has ${bytes.length} bytes, every frame has ${field.opaqueBytes}`);
}

function paddingFor(layout: FrameLayout, payloadBytes: number): number {
  try {
    return paddingOf(layout, payloadBytes);
  } catch (cause) {
    const error = new FrameError('FRAME_ERR_PAYLOAD', `the function of the padding threw ${String(cause)}`);
    error.cause = cause;
    throw error;
  }
}

function write(layout: FrameLayout, target: Bytes, offset: number, fields: AnyFields, payload: BytesIn, size: FrameSize): void {
  const afterLength = offset + size.header - layout.after;
  for (const { bytes, at } of layout.constantsBefore) target.set(bytes, offset + at);
  for (const { bytes, at } of layout.constantsAfter) target.set(bytes, afterLength + at);
  for (const { at, byteLength, isAfterLength } of layout.reserved) {
    const start = (isAfterLength ? afterLength : offset) + at;
    target.fill(0, start, start + byteLength);
  }
  for (const { name, field, at, isAfterLength } of layout.fields) {
    const start = (isAfterLength ? afterLength : offset) + at;
    if ('opaqueBytes' in field) target.set(fields[name] as Bytes, start);
    else field.write(target, start, fields[name] as number);
  }
  layout.length.write(target, offset + layout.before, payload.length + layout.adjustment);
  const bodyStart = offset + size.header;
  target.set(payload, bodyStart);
  if (size.padding > 0) target.fill(layout.padding?.with ?? 0, bodyStart + payload.length, bodyStart + payload.length + size.padding);
  writeTrailer(layout, target, {
    header: target,
    headerStart: offset,
    headerBytes: size.header,
    body: target,
    bodyStart,
    payloadBytes: payload.length,
    paddingBytes: size.padding,
  });
}
