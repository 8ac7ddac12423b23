import { checkedChoice } from '../choice.ts';
import { described } from '../described.ts';
import { u16be, u16le, u24be, u24le, u32be, u32le, u64be, u64le, u8 } from '../fields/integer-field.ts';
import { compileLayout } from '../frame/layout.ts';
import { wholeFrames } from '../frame/whole-frames.ts';
import type { ByteCodec } from '../codec.ts';
import type { IntegerField } from '../fields/integer-field.ts';
import type { FrameHeader } from '../frame/options.ts';

/** The numbers of Netty's `LengthFieldBasedFrameDecoder`, with its names. */
export interface NettyOptions {
  /** Longest frame in bytes, including header and stripped bytes. */
  readonly maxFrameLength: number;
  /** Bytes before the length. */
  readonly lengthFieldOffset: number;
  /** Bytes of the length: 1, 2, 3, 4 or 8. */
  readonly lengthFieldLength: number;
  /** What to add to the length to get the number of bytes after the length field. @defaultValue 0 */
  readonly lengthAdjustment?: number;
  /** Bytes at the start of a frame that are not returned. @defaultValue 0 */
  readonly initialBytesToStrip?: number;
  /** Byte order of the length. @defaultValue 'big' */
  readonly byteOrder?: 'big' | 'little';
}

/** Most bytes up to the end of the length and of the stripped part: one page, as each decoder has room for them. */
const MAX_HEADER_BYTES = 4096;

const BIG: Readonly<Record<number, IntegerField>> = { 1: u8, 2: u16be, 3: u24be, 4: u32be, 8: u64be };
const LITTLE: Readonly<Record<number, IntegerField>> = { 1: u8, 2: u16le, 3: u24le, 4: u32le, 8: u64le };

/**
 * What Netty's `LengthFieldBasedFrameDecoder` reads with these numbers; a frame over the limit is an error and ends
 * decoding (Netty skips it). `encode` takes what a decoder returns: it computes a length that was stripped, writes 0 for
 * other stripped bytes, and refuses a payload whose own length field does not match (`FRAME_ERR_PAYLOAD`).
 *
 * `maxPayloadBytes` of the codec is `maxFrameLength` minus the stripped bytes. Source: Netty 4.2, io.netty.handler.codec.
 *
 * @throws RangeError for numbers that Netty refuses too, for those that allow no frame, and for a length or stripped part that
 * ends beyond the first 4096 bytes.
 */
export function fromNetty(options: NettyOptions): ByteCodec {
  const { maxFrameLength, lengthFieldOffset, lengthFieldLength, byteOrder = 'big' } = options;
  const { lengthAdjustment = 0, initialBytesToStrip = 0 } = options;
  const length = (checkedChoice('byteOrder', byteOrder, ['big', 'little']) === 'big' ? BIG : LITTLE)[lengthFieldLength];
  if (length === undefined) throw new RangeError(`lengthFieldLength is ${lengthFieldLength}; allowed: 1, 2, 3, 4 and 8`);
  const counts = { maxFrameLength, lengthFieldOffset, initialBytesToStrip };
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} is ${value}; allowed: whole numbers from 0`);
  }
  if (!Number.isSafeInteger(lengthAdjustment)) throw new RangeError(`lengthAdjustment is ${lengthAdjustment}; allowed: whole numbers`);
  const lengthEnd = lengthFieldOffset + lengthFieldLength;
  if (lengthEnd > maxFrameLength) {
    throw new RangeError(`maxFrameLength is ${maxFrameLength}, but the length ends after ${lengthEnd} bytes`);
  }
  if (initialBytesToStrip > maxFrameLength) {
    throw new RangeError(`initialBytesToStrip is ${initialBytesToStrip}, more than maxFrameLength, which is ${maxFrameLength}`);
  }
  const after = Math.max(0, initialBytesToStrip - lengthEnd);
  const layout = {
    header: headerOf(lengthFieldOffset, length, after),
    counts: { plus: after - lengthAdjustment },
    name: 'netty',
    emit: 'frame',
  } as const;
  // Netty accepts a limit beyond the range of the length.
  const limit = {
    maxHeaderBytes: MAX_HEADER_BYTES,
    strip: initialBytesToStrip,
    defaultMaxPayloadBytes: maxFrameLength - initialBytesToStrip,
  };
  return described(wholeFrames(compileLayout(layout, limit)), () => ({
    kind: 'netty',
    maxFrameLength,
    lengthFieldOffset,
    lengthFieldLength,
    lengthAdjustment,
    initialBytesToStrip,
    byteOrder,
  }));
}

/** Ignored bytes before and after the length, as fields: only typed headers read them, and this has none. */
function headerOf(before: number, length: IntegerField, after: number): FrameHeader {
  return { ...unread('before', before), length, ...unread('after', after) };
}

function unread(name: string, byteLength: number): Readonly<Record<string, IntegerField>> {
  if (byteLength === 0) return {};
  const field: IntegerField = { name, byteLength, min: 0, max: 0, read: () => 0, write: () => undefined };
  return { [name]: field };
}
