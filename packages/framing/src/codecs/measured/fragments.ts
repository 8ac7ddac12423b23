import { described } from '../../described.ts';
import { FrameError, tooLarge } from '../../errors.ts';
import { headerFault, measureHeader, readLength } from '../../frame/header.ts';
import { compileLayout } from '../../frame/layout.ts';
import { written } from '../../frame/write-frame.ts';
import { DEFAULT_MAX_HEADER_BYTES, DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { measuredCodec } from '../custom.ts';
import { checkMaskingKey, checkTypes, masked } from './fragment-types.ts';
import { framesUpTo } from './typed-fragments-decoder.ts';
import { typedFragments } from './typed-fragments.ts';
import type { ByteCodec, Bytes, BytesIn } from '../../codec.ts';
import type { HeaderValues } from '../../frame/header.ts';
import type { FrameLayout } from '../../frame/layout.ts';
import type { FrameOptions } from '../../frame/options.ts';
import type { FragmentTypes } from './fragment-types.ts';

/** How a fragment tells whether another one follows: by a bit of one byte, or by being as long as a fragment can be. */
export type FragmentsGoOn = { readonly bit: number; readonly at: number; readonly set: 'last' | 'more' } | { readonly length: number };

/** Options of {@link fragments}. */
export interface FragmentsOptions {
  /** What one fragment looks like, without trailer and padding. Fields besides the length are written as zeros, and not read. */
  readonly frame: Pick<FrameOptions, 'header' | 'counts'>;
  /**
   * How a fragment tells whether another one follows. `{ bit: 0x80, at: 0, set: 'last' }`: the highest bit of byte 0 is set in the last one; `set: 'more'` in
   * all but the last. `{ length: n }`: one of n bytes goes on, so one of fewer, of none at least, ends the payload.
   */
  readonly goOn: FragmentsGoOn;
  /** A field that counts the fragments of a payload from 0 on, as MySQL's sequence number. @defaultValue none */
  readonly counter?: string;
  /** How a frame tells whether it begins a payload, goes on with it, or is a control frame between them, as those of WebSocket. @defaultValue all are fragments */
  readonly types?: FragmentTypes;
  /**
   * The four bytes with which payloads are masked that are written, where the length is `websocketLength`. Masks are taken off without it. A key that is known
   * beforehand is for tests: `websocketMessages` takes a function. Needs `types`. @defaultValue no mask
   */
  readonly maskingKey?: BytesIn;
  /** Longest payload of one fragment that is written. @defaultValue what the length can say */
  readonly maxFragmentBytes?: number;
  /** Longest payload, in bytes, all fragments together. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
}

interface Progress {
  /** How long the fragments are that were seen. */
  seen: number;
  payloadBytes: number;
}

interface Fragment {
  readonly headerBytes: number;
  readonly payloadBytes: number;
  readonly isLast: boolean;
}

/**
 * Payloads that are sent in fragments, each a frame, and put together again: ONC RPC's records, MySQL's packets of 16 MiB.
 *
 * ```
 *  +----------+------------+     +----------+------------+
 *  | header   | fragment   |  …  | header,  | fragment   |     ONC RPC, "hi" -> 80 00 00 02 68 69
 *  |          |            |     | the last |            |
 *  +----------+------------+     +----------+------------+
 * ```
 *
 * Errors: those of `frame`; `FRAME_ERR_TOO_LARGE` on the header of the fragment with which the payload is over its limit, with `types` at its end;
 * `FRAME_ERR_HEADER_TOO_LONG` when headers, of empty fragments for example, take more bytes than a payload may have, and more than 8192, without `types`. With them,
 * `FRAME_ERR_BAD_MAGIC` for a type that cannot stand there and a control frame that goes on, `FRAME_ERR_MALFORMED_LENGTH` for one over its limit.
 *
 * @throws RangeError when the frame cannot work, for a bit that is none, and for types that cannot be told from one another.
 */
export function fragments(options: FragmentsOptions): ByteCodec {
  const { frame, goOn, maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES } = options;
  const layout = compileLayout({ header: frame.header, ...(frame.counts !== undefined && { counts: frame.counts }) }, LONGEST);
  checkGoOn(goOn, layout);
  const maxHeadersBytes = headersLimit(checkedLimit(maxPayloadBytes));
  const fragmentBytes = fragmentLimit(options, layout);
  const print = (): unknown => ({ fragments: options, maxFragmentBytes: fragmentBytes });
  const wrap = (payload: BytesIn): Bytes => wrapped(options, layout, fragmentBytes, payload);
  if (options.types !== undefined) return described(typed(options, options.types, layout, wrap), print);
  if (options.maskingKey !== undefined) throw new RangeError('a maskingKey needs types');
  const format = {
    measure: (bytes: BytesIn, start: number, end: number, progress: Progress): number =>
      measured({ layout, goOn, maxPayloadBytes, maxHeadersBytes }, bytes, start, end, progress),
    state: (): Progress => ({ seen: 0, payloadBytes: 0 }),
    unwrap: (whole: Bytes): BytesIn => unwrapped(layout, goOn, whole),
    maxPayloadBytes,
    maxFrameBytes: maxPayloadBytes + maxHeadersBytes,
    maxHeaderBytes: Number.POSITIVE_INFINITY,
  };
  return described(measuredCodec('fragments', format, wrap), print);
}

function typed(options: FragmentsOptions, types: FragmentTypes, layout: FrameLayout, wrap: (payload: BytesIn) => Bytes): ByteCodec {
  const { frame, goOn, maskingKey, maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES } = options;
  checkTypes(types, 'bit' in goOn && goOn.at === types.at ? goOn.bit : 0, layout);
  if (maskingKey !== undefined) checkMaskingKey(maskingKey, layout);
  return typedFragments(
    {
      frames: framesUpTo(frame, maxPayloadBytes),
      layout,
      types,
      isLast: (whole, payloadBytes) => isLast(goOn, whole, 0, payloadBytes),
      maxPayloadBytes,
    },
    wrap,
  );
}

/** Most bytes that the headers of one payload may take. They are held with it, so they follow its limit: fragments may be as short as their headers. */
function headersLimit(maxPayloadBytes: number): number {
  return Math.max(DEFAULT_MAX_HEADER_BYTES, maxPayloadBytes);
}

const LONGEST = { defaultMaxPayloadBytes: Number.MAX_SAFE_INTEGER };

function checkGoOn(goOn: FragmentsGoOn, { minHeaderBytes }: FrameLayout): void {
  if ('length' in goOn) {
    if (Number.isSafeInteger(goOn.length) && goOn.length >= 1) return;
    throw new RangeError(`a fragment of ${goOn.length} bytes goes on; allowed: whole numbers from 1`);
  }
  const { bit, at } = goOn;
  const isBit = Number.isInteger(bit) && bit >= 1 && bit <= 0x80 && (bit & (bit - 1)) === 0;
  if (!isBit) throw new RangeError(`bit ${bit} is not a bit of a byte; allowed: 1, 2, 4, … to 128`);
  if (!Number.isInteger(at) || at < 0 || at >= minHeaderBytes)
    throw new RangeError(`byte ${at} is outside the header of ${minHeaderBytes} bytes`);
}

function fragmentLimit({ goOn, maxFragmentBytes }: FragmentsOptions, { maxPayloadBytes }: FrameLayout): number {
  if ('length' in goOn) return goOn.length;
  const chosen = maxFragmentBytes ?? maxPayloadBytes;
  if (Number.isSafeInteger(chosen) && chosen >= 1 && chosen <= maxPayloadBytes) return chosen;
  throw new RangeError(`maxFragmentBytes is ${chosen}; allowed: whole numbers from 1 to ${maxPayloadBytes}`);
}

/** The fragment at `start`; `undefined` while its header is not whole. @throws FrameError when none starts like that. */
function fragmentAt(layout: FrameLayout, goOn: FragmentsGoOn, bytes: BytesIn, start: number, end: number): Fragment | undefined {
  const headerBytes = measureHeader(layout, bytes, start, end);
  if (headerBytes === 0) return undefined;
  if (headerBytes < 0) {
    const { code, message } = headerFault(layout, bytes, start, end);
    throw new FrameError(code, message);
  }
  const declared = readLength(layout, bytes, start, headerBytes);
  if (declared > Number.MAX_SAFE_INTEGER)
    throw new FrameError('FRAME_ERR_UNSAFE_INTEGER', `length of about ${declared} bytes of a fragment`);
  const payloadBytes = declared - layout.adjustment;
  if (payloadBytes < 0 || declared < layout.minLength)
    throw new FrameError('FRAME_ERR_MALFORMED_LENGTH', `length ${declared} of a fragment`);
  return { headerBytes, payloadBytes, isLast: isLast(goOn, bytes, start, payloadBytes) };
}

function isLast(goOn: FragmentsGoOn, bytes: BytesIn, start: number, payloadBytes: number): boolean {
  if ('length' in goOn) return payloadBytes !== goOn.length;
  return ((bytes[start + goOn.at]! & goOn.bit) !== 0) === (goOn.set === 'last');
}

interface Rule {
  readonly layout: FrameLayout;
  readonly goOn: FragmentsGoOn;
  readonly maxPayloadBytes: number;
  readonly maxHeadersBytes: number;
}

function measured(rule: Rule, bytes: BytesIn, start: number, end: number, progress: Progress): number {
  const { layout, goOn, maxPayloadBytes, maxHeadersBytes } = rule;
  while (start + progress.seen < end) {
    const fragment = fragmentAt(layout, goOn, bytes, start + progress.seen, end);
    if (fragment === undefined) return 0;
    progress.payloadBytes += fragment.payloadBytes;
    if (progress.payloadBytes > maxPayloadBytes) throw tooLarge(progress.payloadBytes, maxPayloadBytes);
    progress.seen += fragment.headerBytes + fragment.payloadBytes;
    if (fragment.isLast) return progress.seen;
    const overhead = progress.seen - progress.payloadBytes;
    if (overhead >= maxHeadersBytes)
      throw new FrameError('FRAME_ERR_HEADER_TOO_LONG', `headers of ${overhead} bytes in one payload, limit ${maxHeadersBytes}`);
  }
  return 0;
}

function unwrapped(layout: FrameLayout, goOn: FragmentsGoOn, whole: Bytes): BytesIn {
  const first = fragmentAt(layout, goOn, whole, 0, whole.length)!;
  if (first.isLast) return whole.subarray(first.headerBytes);
  const payload = new Uint8Array(whole.length);
  let [at, to] = [0, 0];
  while (at < whole.length) {
    const { headerBytes, payloadBytes } = fragmentAt(layout, goOn, whole, at, whole.length)!;
    at += headerBytes + payloadBytes;
    payload.set(whole.subarray(at - payloadBytes, at), to);
    to += payloadBytes;
  }
  return payload.subarray(0, to);
}

function wrapped(
  { goOn, counter, types, maskingKey }: FragmentsOptions,
  layout: FrameLayout,
  fragmentBytes: number,
  payload: BytesIn,
): Bytes {
  const frames: Bytes[] = [];
  for (let at = 0; ; at += fragmentBytes) {
    const part = payload.subarray(at, at + fragmentBytes);
    const goesOn = 'length' in goOn ? part.length === fragmentBytes : at + fragmentBytes < payload.length;
    const frame = written(layout, fieldsOf(layout, counter, frames.length), part);
    if (!('length' in goOn) && goesOn === (goOn.set === 'more')) frame[goOn.at] = frame[goOn.at]! | goOn.bit;
    if (types !== undefined) frame[types.at] = frame[types.at]! | (at === 0 ? types.first : types.next)[0]!;
    frames.push(maskingKey === undefined ? frame : masked(layout, frame, part.length, maskingKey));
    if (!goesOn) break;
  }
  return joined(frames);
}

function fieldsOf({ fields }: FrameLayout, counter: string | undefined, index: number): HeaderValues {
  const values = fields.map(({ name, field }) => {
    if ('opaqueBytes' in field) return [name, new Uint8Array(field.opaqueBytes)] as const;
    return [name, name === counter ? index % (field.max + 1) : 0] as const;
  });
  return Object.fromEntries(values);
}

function joined(frames: readonly Bytes[]): Bytes {
  if (frames.length === 1) return frames[0]!;
  const whole = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole;
}
