import { checkedChoice } from '../choice.ts';
import { ignoreLater } from '../decoding/thrown.ts';
import { isInteger } from '../fields/length-field.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import { placeTrailers } from './place-trailers.ts';
import type { Bytes } from '../codec.ts';
import type { IntegerField } from '../fields/integer-field.ts';
import type { LengthField } from '../fields/length-field.ts';
import type { Opaque } from './opaque.ts';
import type { Constant, Counts, FrameHeader, FrameOptions, HeaderPart, Padding } from './options.ts';
import type { HeaderSpan, PlacedTrailer } from './place-trailers.ts';

/** A run of constant bytes, `at` bytes after the start of the header or after the end of the length. */
export interface ConstantRun extends Constant {
  readonly at: number;
  readonly name: string;
}

/** A run of ignored bytes, `at` bytes after the start of the header or after the end of the length. */
export interface ReservedRun {
  readonly at: number;
  readonly byteLength: number;
  readonly isAfterLength: boolean;
}

/** A field of the program, `at` bytes after the start of the header or after the end of the length. */
export interface HeaderField {
  readonly name: string;
  readonly field: IntegerField | Opaque;
  readonly at: number;
  readonly isAfterLength: boolean;
}

/** A checked layout, in numbers. Only the width of the length field may vary. */
export interface FrameLayout {
  readonly name: string;
  /** Whether it is nothing but a length that counts the payload. */
  readonly isPlain: boolean;
  readonly length: LengthField;
  /** Header bytes before and after the length field. */
  readonly before: number;
  readonly after: number;
  readonly minHeaderBytes: number;
  readonly maxHeaderBytes: number;
  /** The header's width when it is fixed and has no constants, so that no check is needed; else 0. */
  readonly plainHeaderBytes: number;
  readonly constantsBefore: readonly ConstantRun[];
  readonly constantsAfter: readonly ConstantRun[];
  readonly fields: readonly HeaderField[];
  /** Bytes that are written as zeros, and ignored when read. */
  readonly reserved: readonly ReservedRun[];
  /** Whether a field of the program can hold a number that cannot be represented exactly. */
  readonly hasWideFields: boolean;
  /** The smallest allowed length: 0, or the minimum of the field. */
  readonly minLength: number;
  /** Payload = length − adjustment. */
  readonly adjustment: number;
  readonly padding: Padding | undefined;
  readonly trailers: readonly PlacedTrailer[];
  /** The trailer when it is constant bytes and nothing else. */
  readonly constantTrailer: Bytes | undefined;
  readonly trailerBytes: number;
  /** For each byte value, whether it may stand before a frame; `undefined` when none may. */
  readonly idle: readonly boolean[] | undefined;
  /** Bytes at the start of a frame that are not returned; −1 for the header. */
  readonly strip: number;
  readonly emitsFrames: boolean;
  readonly maxPayloadBytes: number;
}

/** Most bytes of padding: it is held like a payload, but no limit of the caller counts it. */
const MAX_PADDING_BYTES = 65_535;

/** Default for most bytes of a header: each decoder has room for one. */
const MAX_HEADER_BYTES = 256;

interface Placed {
  before: number;
  after: number;
  readonly constantsBefore: ConstantRun[];
  readonly constantsAfter: ConstantRun[];
  readonly fields: HeaderField[];
  readonly reserved: ReservedRun[];
  /** Where each part of the header lies. */
  readonly spans: Map<string, HeaderSpan>;
}

/** Options that only `fromNetty` uses. */
export interface InternalFrameOptions {
  /** With `emit: 'frame'`: bytes at the start of a frame that are not returned, at most the header. */
  readonly strip?: number;
  /** Most bytes of a header. @defaultValue 256 */
  readonly maxHeaderBytes?: number;
  /** The default limit, lowered to the range of the length. */
  readonly defaultMaxPayloadBytes?: number;
}

/**
 * Checks a layout and converts it into numbers.
 *
 * @throws RangeError when it cannot work.
 */
export function compileLayout(
  options: FrameOptions,
  { strip = 0, defaultMaxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, maxHeaderBytes = MAX_HEADER_BYTES }: InternalFrameOptions = {},
): FrameLayout {
  const { header, padding, emit = 'payload' } = options;
  checkedChoice('emit', emit, ['payload', 'frame']);
  const { spans, ...placed } = place(header);
  const { trailers, trailerBytes } = placeTrailers(options.trailer, spans);
  const { length } = header;
  const isPlain = isOnlyLength(options);
  const [minBytes, maxBytes] = isInteger(length) ? [length.byteLength, length.byteLength] : [length.minBytes, length.maxBytes];
  const isFixed = minBytes === maxBytes;
  const others = placed.before + placed.after;
  if (others + maxBytes > maxHeaderBytes) {
    throw new RangeError(`the header takes up to ${others + maxBytes} bytes; allowed: ${maxHeaderBytes}`);
  }
  const hasConstants = placed.constantsBefore.length + placed.constantsAfter.length > 0;
  const parts = {
    ...placed,
    name: options.name ?? (isPlain ? length.name : 'frame'),
    isPlain,
    length,
    minLength: isInteger(length) ? Math.max(0, length.min) : 0,
    minHeaderBytes: others + minBytes,
    maxHeaderBytes: others + maxBytes,
    plainHeaderBytes: isFixed && isInteger(length) && !hasConstants ? others + maxBytes : 0,
    adjustment: adjustmentOf(
      options.counts ?? 'payload',
      placed.after + trailerBytes,
      isFixed ? others + maxBytes + trailerBytes : undefined,
    ),
    padding: padding === undefined ? undefined : checkedPadding(padding, options.counts ?? 'payload'),
    trailers,
    constantTrailer: trailers.length === 1 && 'bytes' in trailers[0]! ? trailers[0].bytes : undefined,
    trailerBytes,
    idle: idleOf(options.idle, placed.before > 0 ? placed.constantsBefore : []),
    hasWideFields: placed.fields.some(({ field }) => !('opaqueBytes' in field) && field.byteLength > 6),
    strip: emit === 'frame' ? strip : -1,
    emitsFrames: emit === 'frame',
  };
  return { ...parts, maxPayloadBytes: limitOf(parts, options.maxPayloadBytes, defaultMaxPayloadBytes) };
}

function isOnlyLength({ header, counts = 'payload', padding, trailer, idle, emit = 'payload' }: FrameOptions): boolean {
  const hasMore = Object.keys(header).length > 1 || padding !== undefined || trailer !== undefined || idle !== undefined;
  return !hasMore && counts === 'payload' && emit === 'payload';
}

/** Which bytes may stand before a frame, by their values. */
function idleOf(idle: Constant | undefined, constants: readonly ConstantRun[]): readonly boolean[] | undefined {
  if (idle === undefined) return undefined;
  const isIdle = Array.from({ length: 256 }, (_, byte) => idle.bytes.includes(byte));
  const first = constants.find(({ at }) => at === 0);
  if (first === undefined) throw new RangeError('idle bytes are only possible before a header that starts with constant bytes');
  if (isIdle[first.bytes[0]!] === true)
    throw new RangeError(`idle bytes can be distinguished from ${first.name} only when it starts with another byte`);
  return isIdle;
}

function place(header: FrameHeader): Placed {
  const placed: Placed = { before: 0, after: 0, constantsBefore: [], constantsAfter: [], fields: [], reserved: [], spans: new Map() };
  if (!Object.hasOwn(header, 'length')) throw new RangeError('the header has no length');
  let isAfterLength = false;
  for (const [name, part] of Object.entries(header)) {
    // Engines move keys that look like an index to the front, so their order would not be that of the source.
    if (/^\d+$/.test(name) || name === '__proto__') {
      throw new RangeError(`the header has a part called ${name}; allowed: names other than numbers and __proto__`);
    }
    if (name === 'length') {
      if ('bytes' in part) throw new RangeError('the length of the header is a constant');
      if ('opaqueBytes' in part || 'reservedBytes' in part) throw new RangeError('the length of the header is not a number');
      placed.spans.set(name, { start: { at: placed.before, isAfterLength: false }, end: { at: 0, isAfterLength: true } });
      isAfterLength = true;
      continue;
    }
    const at = isAfterLength ? placed.after : placed.before;
    const byteLength = placePart(placed, name, part, at, isAfterLength);
    placed.spans.set(name, { start: { at, isAfterLength }, end: { at: at + byteLength, isAfterLength } });
    if (isAfterLength) placed.after += byteLength;
    else placed.before += byteLength;
  }
  return placed;
}

/** Records where a part lies, and returns its length. */
function placePart(placed: Placed, name: string, part: HeaderPart, at: number, isAfterLength: boolean): number {
  if ('bytes' in part) {
    (isAfterLength ? placed.constantsAfter : placed.constantsBefore).push({ name, ...copyOf(part), at });
    return part.bytes.length;
  }
  if ('reservedBytes' in part) {
    placed.reserved.push({ at, byteLength: part.reservedBytes, isAfterLength });
    return part.reservedBytes;
  }
  if (!('opaqueBytes' in part) && !isInteger(part)) throw new RangeError(`the header has two lengths: length, and ${part.name} as ${name}`);
  placed.fields.push({ name, field: part, at, isAfterLength });
  return 'opaqueBytes' in part ? part.opaqueBytes : part.byteLength;
}

function copyOf({ bytes }: Constant): Constant {
  return { bytes: new Uint8Array(bytes) };
}

function adjustmentOf(counts: Counts, afterLengthBytes: number, fixedBytes: number | undefined): number {
  if (counts === 'payload') return 0;
  if (counts === 'afterLength') return afterLengthBytes;
  if (counts === 'frame') {
    if (fixedBytes !== undefined) return fixedBytes;
    throw new RangeError("a length whose own width varies cannot count the whole frame; allowed: 'payload', 'afterLength' and { plus }");
  }
  if (typeof counts !== 'object' || counts === null) {
    throw new RangeError(`counts is ${JSON.stringify(counts)}; allowed: payload, afterLength, frame and { plus: n }`);
  }
  if (!Number.isSafeInteger(counts.plus)) throw new RangeError(`counts is { plus: ${counts.plus} }; allowed: whole numbers`);
  return counts.plus;
}

function checkedPadding(padding: Padding, counts: Counts): Padding {
  const { to, with: fill = 0 } = padding;
  if (counts === 'afterLength' || counts === 'frame') {
    throw new RangeError(`padding that the length counts ('${counts}') cannot be separated from the payload`);
  }
  if (typeof to !== 'number' && typeof to !== 'function') {
    throw new RangeError(`padding.to is ${JSON.stringify(to)}; allowed: a whole number and a function`);
  }
  if (typeof to === 'number' && (!Number.isInteger(to) || to < 1 || to > MAX_PADDING_BYTES)) {
    throw new RangeError(`padding to a multiple of ${to} bytes; allowed: whole numbers from 1 to ${MAX_PADDING_BYTES}`);
  }
  if (!Number.isInteger(fill) || fill < 0 || fill > 0xff) throw new RangeError(`padding with ${fill}, which is not a byte`);
  return { to, with: fill };
}

function limitOf(layout: Omit<FrameLayout, 'maxPayloadBytes'>, chosen: number | undefined, byDefault: number): number {
  const { length, adjustment, minHeaderBytes, maxHeaderBytes, trailerBytes, emitsFrames } = layout;
  const longest = length.max - adjustment;
  if (longest < 0)
    throw new RangeError(`a ${length.name} length that counts ${adjustment} bytes besides the payload cannot express any payload`);
  if (!emitsFrames) return checkedAgainst(chosen, byDefault, 0, Math.min(longest, Number.MAX_SAFE_INTEGER), layout);
  const padding = paddingOf(layout, longest);
  const strip = Math.max(layout.strip, 0);
  const smallest = minHeaderBytes + Math.max(0, -adjustment) + trailerBytes - strip;
  const largest = Math.min(maxHeaderBytes + longest + Math.max(padding, 0) + trailerBytes - strip, Number.MAX_SAFE_INTEGER);
  return checkedAgainst(chosen, byDefault, smallest, largest, layout);
}

function checkedAgainst(
  chosen: number | undefined,
  byDefault: number,
  smallest: number,
  largest: number,
  { length, name }: { length: LengthField; name: string },
): number {
  const limit = chosen === undefined ? Math.min(byDefault, largest) : checkedLimit(chosen);
  if (limit > largest) {
    throw new RangeError(`maxPayloadBytes is ${limit}, but with a ${length.name} length ${name} carries at most ${largest}`);
  }
  if (limit < smallest) throw new RangeError(`maxPayloadBytes is ${limit}, but the smallest frame of ${name} has ${smallest} bytes`);
  return limit;
}

/** Padding after a payload of `payloadBytes`; −1 when the caller's function returns an invalid length. */
export function paddingOf({ padding }: Pick<FrameLayout, 'padding'>, payloadBytes: number): number {
  if (padding === undefined) return 0;
  const { to } = padding;
  if (typeof to === 'number') return (to - (payloadBytes % to)) % to;
  const bytes = to(payloadBytes);
  if (Number.isInteger(bytes) && bytes >= 0 && bytes <= MAX_PADDING_BYTES) return bytes;
  ignoreLater(bytes);
  return -1;
}
