import { lengthPrefixed } from '../codecs/length-prefixed/length-prefixed.ts';
import { named } from '../codecs/named.ts';
import { described } from '../described.ts';
import { isInteger } from '../fields/length-field.ts';
import { FrameDecoder } from './decoder.ts';
import { fieldsCodec } from './fields-codec.ts';
import { compileLayout } from './layout.ts';
import { wholeFrames } from './whole-frames.ts';
import { writeInto, written } from './write-frame.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';
import type { FieldsCodec } from './fields-codec.ts';
import type { HeaderValues } from './header.ts';
import type { FrameLayout } from './layout.ts';
import type { Opaque, Reserved } from './opaque.ts';
import type { Constant, FrameHeader, FrameOptions } from './options.ts';

/** The header's fields, as numbers or bytes: its keys without `length`, constants and reserved bytes. */
export type FieldsOf<Header extends FrameHeader> = {
  readonly [
    Name in keyof Header as Name extends 'length' ? never : Header[Name] extends Constant | Reserved ? never : Name
  ]: Header[Name] extends Opaque ? Bytes : number;
};

/** The result of `frame`: a codec of bytes, or of `{ header, payload }` where the header has fields besides the length. */
export type FrameCodec<Header extends FrameHeader> = keyof FieldsOf<Header> extends never ? ByteCodec : FieldsCodec<FieldsOf<Header>>;

/**
 * Any format with a length in its header: one layout both reads and writes it.
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
 * @throws RangeError when the layout cannot work: no length or two, a limit beyond the length's range, a length of varying
 * width that counts itself, padding that cannot be separated from the payload.
 */
export function frame<Header extends FrameHeader>(options: FrameOptions<Header> & { readonly emit: 'frame' }): ByteCodec;
export function frame<Header extends FrameHeader>(options: FrameOptions<Header> & { readonly emit?: 'payload' }): FrameCodec<Header>;
export function frame(options: FrameOptions): ByteCodec | FieldsCodec<HeaderValues> {
  const layout = compileLayout(options);
  const { name, length, maxPayloadBytes } = layout;
  if (layout.isPlain && isInteger(length)) return named(name, lengthPrefixed({ length, maxPayloadBytes }));
  const print = (): unknown => ({ frame: { ...options, name } });
  if (layout.emitsFrames) return described(wholeFrames(layout), print);
  return layout.fields.length === 0 ? described(new PayloadCodec(layout), print) : described(fieldsCodec(layout), print);
}

const NO_FIELDS: HeaderValues = {};

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
    return written(this.#layout, NO_FIELDS, payload);
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    writeInto(this.#layout, writer, NO_FIELDS, payload);
  }
}
