import { cobs } from '../codecs/cobs.ts';
import { contentLength } from '../codecs/content-length.ts';
import { lengthPrefixed } from '../codecs/length-prefixed/length-prefixed.ts';
import { line } from '../codecs/delimited/line.ts';
import { netstring } from '../codecs/decimal/netstring.ts';
import { octetCounted } from '../codecs/decimal/octet-counted.ts';
import { raw } from '../codecs/raw.ts';
import { slip } from '../codecs/slip.ts';
import { i32be, i32le, u16be, u16le, u24be, u24le, u32be, u32le, u64be, u64le, u8 } from '../fields/integer-field.ts';
import { PROTOCOLS } from './protocols.ts';
import type { ByteCodec, Bytes } from '../codec.ts';
import type { IntegerField } from '../fields/integer-field.ts';

/** Options that every registered framing takes. */
export interface FramingOptions {
  /** Longest payload, in bytes. @defaultValue the format's own */
  readonly maxPayloadBytes?: number;
}

/** One named framing. */
export interface FramingEntry {
  /** The name that command lines and configuration use. */
  readonly name: string;
  /** One sentence on the wire format. */
  readonly summary: string;
  /** Whether a payload arrives as it was sent, however the stream is cut. Only `raw` keeps none. */
  readonly keepsBoundaries: boolean;
  /**
   * Whether a payload can be written in one way only, so that the bytes of a frame that was decoded may be passed on as
   * they came. `line` is not: its lines end with LF or with CR LF.
   */
  readonly isCanonical: boolean;
  /** Longest payload the format can express, in bytes. */
  readonly maxPayloadBytes: number;
  /** Makes the codec. */
  readonly create: (options?: FramingOptions) => ByteCodec;
  /**
   * Some frames of the protocol, where its payloads are whole frames: header and all, and nothing else is encoded.
   * Absent where payloads are any bytes (but for those that the format itself excludes, as `line` excludes LF).
   */
  readonly exampleFrames?: readonly Bytes[];
}

const unlimited = Number.MAX_SAFE_INTEGER;

function prefix(length: IntegerField, summary: string): FramingEntry {
  return {
    name: length.name,
    summary,
    keepsBoundaries: true,
    isCanonical: true,
    maxPayloadBytes: length.max,
    create: (options) => lengthPrefixed({ length, ...options }),
  };
}

function plain(name: string, summary: string, create: FramingEntry['create'], isCanonical = false): FramingEntry {
  return { name, summary, keepsBoundaries: true, isCanonical, maxPayloadBytes: unlimited, create };
}

/** Every framing that can be chosen by name, in the order in which help texts show them. */
export const FRAMINGS: readonly FramingEntry[] = [
  {
    name: 'raw',
    summary: 'no framing: whatever one read brings',
    keepsBoundaries: false,
    isCanonical: true,
    maxPayloadBytes: unlimited,
    create: raw,
  },
  {
    name: 'line',
    summary: 'lines ended by LF; a CR before it is dropped',
    keepsBoundaries: true,
    isCanonical: false,
    maxPayloadBytes: unlimited,
    create: line,
  },
  prefix(i32le, "signed 32-bit little-endian length: Python's struct.pack('i', n)"),
  prefix(i32be, 'signed 32-bit big-endian length'),
  prefix(u8, '8-bit length'),
  prefix(u16be, '16-bit big-endian length'),
  prefix(u16le, '16-bit little-endian length'),
  prefix(u24be, '24-bit big-endian length'),
  prefix(u24le, '24-bit little-endian length'),
  prefix(u32be, '32-bit big-endian length'),
  prefix(u32le, '32-bit little-endian length'),
  prefix(u64be, '64-bit big-endian length, up to 2^53 − 1'),
  prefix(u64le, '64-bit little-endian length, up to 2^53 − 1'),
  plain('netstring', 'length in digits, colon, payload, comma (djb)', netstring, true),
  plain('octet-counted', 'length in digits, space, payload: syslog (RFC 6587); none is empty', octetCounted, true),
  plain('slip', 'C0 at both ends, escapes inside (RFC 1055); none is empty', slip),
  plain('cobs', 'consistent overhead byte stuffing, each frame ended by 00', cobs),
  plain('content-length', 'Content-Length header lines, as in the Language Server Protocol', contentLength),
  ...PROTOCOLS,
];

/** The names of all framings. */
export const framingNames: readonly string[] = FRAMINGS.map(({ name }) => name);

/**
 * Makes the codec that `name` stands for.
 *
 * A limit beyond what the format can express is lowered to that, so that one `--max-frame` fits every `--framing`.
 *
 * @throws RangeError naming the framings there are, when there is none of that name.
 */
export function codecByName(name: string, { maxPayloadBytes }: FramingOptions = {}): ByteCodec {
  const entry = FRAMINGS.find((framing) => framing.name === name);
  if (entry === undefined) throw new RangeError(`no framing is called ${JSON.stringify(name)}, allowed are ${framingNames.join(', ')}`);
  return entry.create(maxPayloadBytes === undefined ? {} : { maxPayloadBytes: Math.min(maxPayloadBytes, entry.maxPayloadBytes) });
}
