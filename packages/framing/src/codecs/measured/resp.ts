import { findByte } from '../../decoding/find-byte.ts';
import { described } from '../../described.ts';
import { FrameError, tooLarge } from '../../errors.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { measuredCodec } from '../custom.ts';
import type { ByteCodec, BytesIn } from '../../codec.ts';

/** Options of {@link resp}. */
export interface RespOptions {
  /** Longest value, in bytes, all that is in it counted. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
}

const LF = 0x0a;
const CR = 0x0d;
/** Longest line that only says how long something is: a type, a sign, 19 digits. */
const MAX_COUNT_DIGITS = 19;

/** Values that follow each one of these, for one that it counts. */
const AGGREGATES: Readonly<Record<string, number>> = { '*': 1, '~': 1, '>': 1, '%': 2, '|': 2 };
const BULKS = '$!=';
const LINES = '+-:_#,(';

interface Progress {
  /** Where the line under way begins, and how far it was searched. */
  lineStart: number;
  searched: number;
  /** How many values are still to come, the one under way counted. */
  open: number;
}

/**
 * RESP2 and RESP3, the protocol of Redis: a value and all that is in it is a frame; payloads are whole frames. What begins as no value is an inline command, up
 * to the end of its line. Source: Redis serialization protocol specification.
 *
 * Errors: `FRAME_ERR_MALFORMED_LENGTH` for a length that is none, streamed values of RESP3 (`$?`) among them; `FRAME_ERR_BAD_TRAILER` behind a bulk string;
 * `FRAME_ERR_TOO_LARGE`.
 */
export function resp({ maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES }: RespOptions = {}): ByteCodec {
  const format = {
    measure: (bytes: BytesIn, start: number, end: number, progress: Progress): number =>
      measured(bytes.subarray(start, end), progress, maxPayloadBytes),
    state: (): Progress => ({ lineStart: 0, searched: 0, open: 1 }),
    unwrap: undefined,
    maxPayloadBytes: checkedLimit(maxPayloadBytes),
    maxFrameBytes: maxPayloadBytes,
    maxHeaderBytes: Number.POSITIVE_INFINITY,
  };
  return described(measuredCodec('resp', format), () => ({ kind: 'resp' }));
}

function measured(frame: BytesIn, progress: Progress, limit: number): number {
  while (progress.lineStart < frame.length) {
    const at = progress.searched < frame.length ? findByte(frame, LF, progress.searched) : -1;
    progress.searched = at < 0 ? frame.length : at + 1;
    if (at < 0) return 0;
    const valueEnd = endOfValue(frame, progress, at + 1);
    if (valueEnd > limit) throw tooLarge(valueEnd, limit);
    if (valueEnd + Math.max(progress.open, 0) > limit) throw tooLarge(valueEnd + progress.open, limit);
    if (valueEnd > frame.length) {
      // The bulk string goes on: its line is read again, which is short.
      progress.open++;
      progress.searched = at;
      return 0;
    }
    if (valueEnd > at + 1) checkEnd(frame, valueEnd);
    if (progress.open === 0) return valueEnd;
    progress.lineStart = valueEnd;
    progress.searched = valueEnd;
  }
  return 0;
}

/** Where the value ends whose line ends at `lineEnd`; those in it are still to come. */
function endOfValue(frame: BytesIn, progress: Progress, lineEnd: number): number {
  const type = String.fromCharCode(frame[progress.lineStart]!);
  progress.open--;
  if (type in AGGREGATES) {
    progress.open += Math.max(0, countOf(frame, progress.lineStart, lineEnd)) * AGGREGATES[type]! + (type === '|' ? 1 : 0);
    return lineEnd;
  }
  if (BULKS.includes(type)) {
    const count = countOf(frame, progress.lineStart, lineEnd);
    return count < 0 ? lineEnd : lineEnd + count + 2;
  }
  if (LINES.includes(type)) checkCrLf(frame, progress.lineStart, lineEnd);
  else if (progress.lineStart > 0) throw malformed(frame, progress.lineStart, lineEnd);
  return lineEnd;
}

/** −1 is the null of RESP2. */
function countOf(frame: BytesIn, lineStart: number, lineEnd: number): number {
  checkCrLf(frame, lineStart, lineEnd);
  const digits = lineEnd - 3 - lineStart;
  const line = digits > MAX_COUNT_DIGITS ? '' : new TextDecoder('latin1').decode(frame.subarray(lineStart + 1, lineEnd - 2));
  if (/^(?:-1|0|[1-9]\d*)$/.test(line) && Number.isSafeInteger(Number(line))) return Number(line);
  throw malformed(frame, lineStart, lineEnd);
}

function checkCrLf(frame: BytesIn, lineStart: number, lineEnd: number): void {
  if (lineEnd - lineStart < 3 || frame[lineEnd - 2] !== CR) throw malformed(frame, lineStart, lineEnd);
}

function checkEnd(frame: BytesIn, valueEnd: number): void {
  if (frame[valueEnd - 2] === CR && frame[valueEnd - 1] === LF) return;
  throw new FrameError('FRAME_ERR_BAD_TRAILER', 'a bulk string is not followed by CR LF');
}

function malformed(frame: BytesIn, lineStart: number, lineEnd: number): FrameError {
  const line = new TextDecoder('latin1').decode(frame.subarray(lineStart, Math.min(lineEnd, lineStart + 40)));
  return new FrameError('FRAME_ERR_MALFORMED_LENGTH', `no value begins with ${JSON.stringify(line)}`);
}
