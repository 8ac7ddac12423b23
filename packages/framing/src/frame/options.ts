import type { Bytes } from '../codec.ts';
import type { LengthField } from '../fields/length-field.ts';
import type { Checksum } from './checksum.ts';
import type { Opaque, Reserved } from './opaque.ts';

/** Bytes that are the same in every frame. */
export interface Constant {
  readonly bytes: Bytes;
}

/**
 * Bytes that are the same in every frame: a magic number, a version, a trailer.
 *
 * @throws RangeError when there are none, more than 64, or one is not a byte.
 */
export function constant(...bytes: readonly number[]): Constant {
  if (bytes.length < 1 || bytes.length > 64) throw new RangeError(`a constant of ${bytes.length} bytes; allowed: 1 to 64`);
  for (const byte of bytes) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 0xff) throw new RangeError(`${byte} in a constant is not a byte; allowed: 0 to 255`);
  }
  return { bytes: Uint8Array.from(bytes) };
}

/** One part of a header. */
export type HeaderPart = LengthField | Constant | Opaque | Reserved;

/** What stands before the payload, in the order of the keys. `length` is the length of the frame; every other integer is a field of the program. */
export interface FrameHeader {
  readonly length: LengthField;
  readonly [name: string]: HeaderPart;
}

/** What the length counts: see {@link FrameOptions.counts}. */
export type Counts = 'payload' | 'afterLength' | 'frame' | { readonly plus: number };

/** Padding after the payload: up to a multiple of `to` bytes, or as many bytes as a function of the payload's length returns. */
export interface Padding {
  readonly to: number | ((payloadBytes: number) => number);
  /** The padding byte; when reading, any byte is accepted. @defaultValue 0 */
  readonly with?: number;
}

/** What may follow the payload. */
export type Trailer = Constant | Checksum;

/** Options of `frame`. */
export interface FrameOptions<Header extends FrameHeader = FrameHeader> {
  /** What stands before the payload: the order of the keys is the order on the wire. */
  readonly header: Header;
  /**
   * What the length field counts: the `payload`; all bytes `afterLength`, which is the rest of the header, the payload and
   * the trailer; the whole `frame`; or `{ plus: n }`, the payload and n more bytes. @defaultValue 'payload'
   */
  readonly counts?: Counts;
  /** Padding after the payload. The length must not count it: it could not be told from the payload. @defaultValue none */
  readonly padding?: Padding;
  /** Constant bytes, or a checksum, at the end; or several of them, in wire order. @defaultValue none */
  readonly trailer?: Trailer | readonly Trailer[];
  /**
   * Bytes that may precede a frame, any number of them in any order, such as the FE bytes that wake up a serial line in DL/T
   * 645. They are skipped and never written. @defaultValue none
   */
  readonly idle?: Constant;
  /**
   * What a decoder returns: the `payload` (with the header's fields, if any), or the whole `frame`, including its
   * header, as bytes. Then `encode` takes whole frames too, and checks them. @defaultValue 'payload'
   */
  readonly emit?: 'payload' | 'frame';
  /**
   * The longest payload, in bytes; with `emit: 'frame'`, the longest frame.
   *
   * @defaultValue 1_048_576, or the range of the length field when that is less
   */
  readonly maxPayloadBytes?: number;
  /** Name of the codec. @defaultValue 'frame', or the length field's name when there is nothing else */
  readonly name?: string;
}
