/**
 * Layouts: wire formats as JSON, to be shared between programs. `layout.schema.json` of this package is the schema; hex is pairs of
 * digits, with optional spaces.
 */

import { isPlain } from '../codecs/plain/plain-kinds.ts';
import type { LineEnding } from '../codecs/delimited/line.ts';
import type { FragmentTypes } from '../codecs/measured/fragment-types.ts';
import type { FragmentsGoOn } from '../codecs/measured/fragments.ts';
import type { DelimitedCovers } from '../codecs/measured/started.ts';
import type { TextRule } from '../codecs/measured/text-rules.ts';
import type { PlainKindName } from '../codecs/plain/plain-kinds.ts';
import type { Crc16Algorithm, Crc8Algorithm } from '../frame/crc.ts';
import type { Counts } from '../frame/options.ts';

/** Keys of every layout. */
export interface LayoutFacts {
  /** The schema, for editors. */
  readonly $schema?: string;
  /** The name of the format. @defaultValue its kind */
  readonly name?: string;
  /** One sentence on the wire format. */
  readonly summary?: string;
  /** Where it is specified. */
  readonly source?: string;
  /** Some whole frames, in hex. */
  readonly examples?: readonly string[];
  /** What precedes the first frame. */
  readonly preamble?: readonly PreambleStep[];
  /** Longest payload in bytes; of formats that carry whole frames, longest frame. @defaultValue 1_048_576, or what the format can express */
  readonly maxPayloadBytes?: number;
}

/** Which side of a connection sends: `client` is the one that connected. */
export type Side = 'client' | 'server';

/**
 * Bytes before the frames. Steps are taken in order; a step that does not match what arrives is skipped, unless it is required.
 */
export interface PreambleStep {
  /** Its name. */
  readonly name: string;
  /** Which side sends it. @defaultValue both */
  readonly from?: Side;
  /** Whether it is required, optional, or may be repeated. @defaultValue 'once' */
  readonly times?: 'once' | 'optional' | 'any';
  /** In hex, what it begins with: one of these. Without it, any bytes. */
  readonly startsWith?: readonly string[];
  /**
   * What it consists of: one frame of a layout, a number of bytes, or up to 8 of these one behind the other, as SOCKS5's user name and password.
   * @defaultValue the bytes of `startsWith`
   */
  readonly frame?: Layout | number | readonly (Layout | number)[];
  /** Whether what follows is another protocol, as after a STARTTLS that was accepted. @defaultValue false */
  readonly ends?: boolean;
}

/** Integers that are written by name. */
export type IntegerName =
  | 'u8'
  | 'u16be'
  | 'u16le'
  | 'u24be'
  | 'u24le'
  | 'u32be'
  | 'u32le'
  | 'u64be'
  | 'u64le'
  | 'i8'
  | 'i16be'
  | 'i16le'
  | 'i32be'
  | 'i32le';

/** How a number is written: a name, or an object with options. */
export type FieldLayout =
  | IntegerName
  | 'varint'
  | 'mqttVarint'
  | 'websocketLength'
  | 'ber'
  | 'zmtpLength'
  | { readonly type: IntegerName; readonly min: number }
  | { readonly type: 'u16be' | 'u24be' | 'u32be'; readonly bits: number }
  | { readonly type: 'varint' | 'ber'; readonly maxBytes?: number; readonly overlong?: 'reject' | 'accept' }
  | { readonly type: 'asciiDecimal'; readonly end: string; readonly maxDigits?: number; readonly leadingZeros?: 'reject' | 'accept' }
  | { readonly type: 'asciiDecimal'; readonly digits: number; readonly pad?: 'zero' | 'blank' }
  | { readonly type: 'asciiHex'; readonly digits: number; readonly letters?: 'lower' | 'upper' }
  | { readonly type: 'bcd'; readonly byteLength: number };

/** One part of a header. The one called `length` is the length, and a `field`. */
export type HeaderPartLayout =
  | { readonly name: string; readonly field: FieldLayout }
  | { readonly name: string; readonly bytes: string }
  | { readonly name: string; readonly opaque: number }
  | { readonly name: string; readonly reserved: number };

/** What a checksum covers, as in `Covers`. */
interface Covering {
  readonly covers?: 'payload' | 'headerAndPayload' | { readonly from: string; readonly to?: string };
  readonly field?: FieldLayout;
}

/** One part after the payload. */
export type TrailerLayout =
  | { readonly bytes: string }
  | ({ readonly checksum: 'crc32' | 'xor' } & Covering)
  | ({ readonly checksum: 'sum'; readonly modulus?: number; readonly negate?: boolean } & Covering)
  | ({ readonly checksum: 'crc16'; readonly algorithm: Crc16Algorithm } & Covering)
  | ({ readonly checksum: 'crc8'; readonly algorithm: Crc8Algorithm } & Covering);

/** A format with a length in its header: what `frame` makes. */
export interface FramedLayout extends LayoutFacts {
  readonly kind: 'frame';
  readonly header: readonly HeaderPartLayout[];
  readonly counts?: Counts;
  readonly padding?: { readonly to: number; readonly with?: number };
  readonly trailer?: readonly TrailerLayout[];
  /** In hex, the bytes that may precede a frame and belong to none. */
  readonly idle?: string;
  /** Whether programs see payloads or whole frames; always whole frames when the header has fields besides the length. @defaultValue 'payload' */
  readonly emit?: 'payload' | 'frame';
}

/** Lines. */
export interface LineLayout extends LayoutFacts {
  readonly kind: 'line';
  readonly ending?: LineEnding;
  readonly unended?: 'error' | 'emit';
  readonly oversize?: 'error' | 'skip';
}

/** Frames that end with a delimiter: texts, or bytes in hex. */
export interface DelimitedLayout extends LayoutFacts {
  readonly kind: 'delimited';
  readonly delimiters: readonly (string | { readonly bytes: string })[];
  readonly strip?: boolean;
  readonly unended?: 'error' | 'emit';
  /** In hex, what a frame begins with. Then there is one delimiter. */
  readonly start?: string;
  /** What is checked behind the delimiter; by default it covers the payload and the delimiter. */
  readonly checksum?: DelimitedChecksumLayout;
  /** In hex, the bytes that may stand between frames. */
  readonly idle?: string;
}

/** A checksum behind the end of a frame. */
export type DelimitedChecksumLayout = ChecksumLayout & { readonly covers?: DelimitedCovers };

/** A checksum whose place says what it covers. */
export type ChecksumLayout =
  | { readonly checksum: 'crc32' | 'xor'; readonly field?: FieldLayout }
  | { readonly checksum: 'sum'; readonly field?: FieldLayout; readonly modulus?: number; readonly negate?: boolean }
  | { readonly checksum: 'crc16'; readonly field?: FieldLayout; readonly algorithm: Crc16Algorithm }
  | { readonly checksum: 'crc8'; readonly field?: FieldLayout; readonly algorithm: Crc8Algorithm };

/** A payload between two flags, with escapes inside. */
export interface StuffedLayout extends LayoutFacts {
  readonly kind: 'stuffed';
  /** In hex. */
  readonly flag: string;
  /** In hex. */
  readonly escape: string;
  /** In hex, what an escaped byte is taken in exclusive or with; or pairs of a byte and what is written for it behind the escape. */
  readonly replace: string | readonly (readonly [byte: string, written: string])[];
  /** What is checked behind the payload, inside of the frame. */
  readonly checksum?: ChecksumLayout;
  readonly aborted?: 'error' | 'skip';
}

/** Payloads in fragments that are put together. */
export interface FragmentsLayout extends LayoutFacts {
  readonly kind: 'fragments';
  readonly header: readonly HeaderPartLayout[];
  readonly counts?: Counts;
  readonly goOn: FragmentsGoOn;
  readonly counter?: string;
  readonly types?: FragmentTypes;
  /** In hex. */
  readonly maskingKey?: string;
  readonly maxFragmentBytes?: number;
}

/** Frames of several formats, each told by its first bytes. */
export interface ChoiceLayout extends LayoutFacts {
  readonly kind: 'choice';
  /** Only the last may have no beginning. */
  readonly of: readonly { readonly startsWith?: string; readonly layout: Layout }[];
}

/** A line or a block of lines, and rules for what follows it. */
export interface TextLayout extends LayoutFacts {
  readonly kind: 'text';
  readonly head: 'line' | 'block';
  readonly rules?: readonly TextRule[];
  /** In hex, the bytes that may stand between frames. */
  readonly idle?: string;
  readonly maxHeaderBytes?: number;
}

/** Frames of fixed length. */
export interface FixedLayout extends LayoutFacts {
  readonly kind: 'fixed';
  readonly byteLength: number;
}

/** A length in digits, a space, the payload. */
export interface OctetCountedLayout extends LayoutFacts {
  readonly kind: 'octet-counted';
  readonly fallback?: 'error' | 'lf' | 'lf-or-nul';
}

/** Header lines with the length. */
export interface ContentLengthLayout extends LayoutFacts {
  readonly kind: 'content-length';
  readonly maxHeaderBytes?: number;
}

/** The numbers of Netty's LengthFieldBasedFrameDecoder. */
export interface NettyLayout extends LayoutFacts {
  readonly kind: 'netty';
  readonly maxFrameLength: number;
  readonly lengthFieldOffset: number;
  readonly lengthFieldLength: number;
  readonly lengthAdjustment?: number;
  readonly initialBytesToStrip?: number;
  readonly byteOrder?: 'big' | 'little';
}

/** Replies of Redis. */
export interface RespLayout extends LayoutFacts {
  readonly kind: 'resp';
}

/** Formats without options. */
export interface PlainLayout extends LayoutFacts {
  readonly kind: PlainKindName;
}

/** A wire format as data. */
export type Layout =
  | FramedLayout
  | LineLayout
  | DelimitedLayout
  | FixedLayout
  | OctetCountedLayout
  | ContentLengthLayout
  | NettyLayout
  | StuffedLayout
  | FragmentsLayout
  | ChoiceLayout
  | TextLayout
  | RespLayout
  | PlainLayout;

/** Whether a layout has nothing to choose but its limit. */
export function isPlainLayout(layout: Layout): layout is PlainLayout {
  return isPlain(layout.kind);
}
