import { codecByName, FrameError, framingOf } from '@socklab/framing';
import { findPartsOf } from './parts/frame-parts.ts';
import { unmasked } from './parts/websocket-parts.ts';
import type { ShownPart } from './parts/shown-part.ts';
import type { ByteDecoder, Bytes, FrameErrorCode } from '@socklab/framing';

/** A run of bytes: the offsets of its first byte and after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A frame that is complete. */
export interface FoundFrame extends Span {
  /** What the codec returns: for some protocols the whole frame. */
  readonly payload: Bytes;
}

/** The bytes that are not a frame. */
export interface Fault extends Span {
  readonly code: FrameErrorCode;
  readonly message: string;
  /** The byte at which the decoder failed; later bytes were not read. It is the last one of the span. */
  readonly at: number;
  /** The invalid bytes: an impossible length, or the byte itself. */
  readonly mark: Span;
  /** The declared length and the limit, in bytes, if that is the error. */
  readonly declared: number | undefined;
  readonly limit: number | undefined;
}

/** What is left after the last frame. */
export interface Rest extends Span {
  /** False for idle bytes between frames. */
  readonly isPartOfFrame: boolean;
  /** How many more bytes are needed at least, if the format can tell. */
  readonly neededBytes: number | undefined;
}

/** The result of a codec for some bytes. */
export interface Dissection {
  readonly framing: string;
  readonly frames: readonly FoundFrame[];
  readonly fault: Fault | undefined;
  readonly rest: Rest | undefined;
}

/** Options of {@link dissect}. */
export interface DissectOptions {
  /** Longest payload, in bytes. @defaultValue the format's own limit, at most 1 MiB */
  readonly maxPayloadBytes?: number | undefined;
}

/** Errors caused by the value of a length. */
const LENGTH_FAULTS: ReadonlySet<FrameErrorCode> = new Set([
  'FRAME_ERR_TOO_LARGE',
  'FRAME_ERR_MALFORMED_LENGTH',
  'FRAME_ERR_UNSAFE_INTEGER',
  'FRAME_ERR_OVERLONG_VARINT',
  'FRAME_ERR_HEADER_TOO_LONG',
]);

/** Errors found when the whole frame is there. */
const ENDING_FAULTS: ReadonlySet<FrameErrorCode> = new Set(['FRAME_ERR_BAD_TRAILER', 'FRAME_ERR_BAD_CHECKSUM']);

/** Whether the codec of that name returns and takes whole frames, including their headers. */
export function carriesWholeFrames(framing: string): boolean {
  return framingOf(framing).exampleFrames !== undefined;
}

/**
 * Decodes `bytes` with the framing of that name.
 *
 * @throws RangeError when there is no such framing, or the limit is less than its smallest frame.
 */
export function dissect(bytes: Bytes, framing: string, { maxPayloadBytes }: DissectOptions = {}): Dissection {
  const codec = codecByName(framing, maxPayloadBytes === undefined ? {} : { maxPayloadBytes });
  const decoder = codec.createDecoder({ payload: 'copy' });
  const frames: FoundFrame[] = [];
  let start = 0;
  // Byte by byte, so that a frame ends where it is found, and an error is at the byte that causes it.
  const step = keepsBoundaries(framing) ? 1 : Math.max(bytes.length, 1);
  for (let at = 0; at < bytes.length; at += step) {
    const end = at + step;
    try {
      decoder.push(bytes.subarray(at, end));
      for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) {
        frames.push({ start, end, payload });
        start = end;
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      return { framing, frames, fault: faultOf(error, framing, bytes, { start, end }), rest: undefined };
    }
  }
  return { framing, frames, fault: undefined, rest: restOf(decoder, { start, end: bytes.length }) };
}

/** The parts of a frame, of an invalid one, or of the rest. Offsets are those of `bytes`. */
export function partsOf(bytes: Bytes, framing: string, { start, end }: Span, isWhole: boolean): readonly ShownPart[] {
  const parts = findPartsOf(framing)(bytes.subarray(start, end), isWhole);
  return parts.map((part) => ({ ...part, start: part.start + start, end: part.end + start }));
}

/** The parts of an invalid frame. */
export function partsOfFault(bytes: Bytes, framing: string, fault: Pick<Fault, 'code' | 'start' | 'end'>): readonly ShownPart[] {
  return partsOf(bytes, framing, fault, ENDING_FAULTS.has(fault.code));
}

/** The content of a frame, without header and trailer, even where the codec returns the whole frame. */
export function contentOf(bytes: Bytes, framing: string, frame: FoundFrame): Bytes {
  if (!carriesWholeFrames(framing)) return frame.payload;
  const parts = partsOf(bytes, framing, frame, true);
  const payload = parts.find(({ kind }) => kind === 'payload');
  const content = bytes.slice(payload?.start ?? 0, payload?.end ?? 0);
  return framing === 'websocket' ? unmasked(bytes, parts, content) : content;
}

function keepsBoundaries(framing: string): boolean {
  return framingOf(framing).keepsBoundaries;
}

function restOf({ bufferedBytes, neededBytes }: ByteDecoder, span: Span): Rest | undefined {
  return span.start === span.end ? undefined : { ...span, isPartOfFrame: bufferedBytes > 0, neededBytes };
}

function faultOf({ code, message, declared, limit }: FrameError, framing: string, bytes: Bytes, span: Span): Fault {
  const at = span.end - 1;
  const parts = partsOfFault(bytes, framing, { ...span, code });
  const isInPart = parts.some(({ start, end }) => at >= start && at < end);
  const length = parts.find(({ kind }) => kind === 'length');
  const mark = isInPart && length !== undefined && LENGTH_FAULTS.has(code) ? length : { start: at, end: span.end };
  return { ...span, code, message, at, mark: { start: mark.start, end: mark.end }, declared, limit };
}
