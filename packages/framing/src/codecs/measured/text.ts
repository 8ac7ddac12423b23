import { findByte } from '../../decoding/find-byte.ts';
import { described } from '../../described.ts';
import { FrameError, tooLarge } from '../../errors.ts';
import { fromHex, toHex } from '../../hex.ts';
import { DEFAULT_MAX_HEADER_BYTES, DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { measuredCodec } from '../custom.ts';
import { bodyOf, headOf, lengthOf } from './text-rules.ts';
import type { ByteCodec, Bytes, BytesIn } from '../../codec.ts';
import type { Measured } from '../custom-decoder.ts';
import type { Head, TextBody, TextRule } from './text-rules.ts';

/** Options of {@link text}. */
export interface TextOptions {
  /** What a frame begins with: one `line`, or a `block` of lines up to an empty one. */
  readonly head: 'line' | 'block';
  /** What follows it: the first rule that fits. @defaultValue nothing */
  readonly rules?: readonly TextRule[];
  /** Bytes that may stand between frames, as the line ends that keep a connection of SIP or STOMP alive. @defaultValue none */
  readonly idle?: BytesIn;
  /** Longest head, in bytes. @defaultValue 8192 */
  readonly maxHeaderBytes?: number;
  /** Longest frame, in bytes. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
}

const LF = 0x0a;
const CR = 0x0d;

/** What the bytes under way are. */
type Phase = 'head' | 'until' | 'trailer' | 'chunk-size' | 'trailers';

interface Progress {
  phase: Phase;
  /** Where the part under way begins, and how far it was searched, both from the start of the frame. */
  partStart: number;
  searched: number;
  until: Bytes;
}

/**
 * Frames that begin with text: a line, or a block of lines up to an empty one, and rules for what follows it. HTTP/1.1, SIP, RTSP, STOMP, NATS, memcached,
 * replies of SMTP and IMAP are such layouts. Payloads are whole frames. Lines end with LF or CR LF.
 *
 * Errors: `FRAME_ERR_HEADER_TOO_LONG`; `FRAME_ERR_MALFORMED_LENGTH` for a length that is no number, is there twice, or cannot be told;
 * `FRAME_ERR_BAD_TRAILER` for a chunk without its line end; `FRAME_ERR_TOO_LARGE`.
 *
 * @throws RangeError for a limit that is none.
 */
export function text(options: TextOptions): ByteCodec {
  const { maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, maxHeaderBytes = DEFAULT_MAX_HEADER_BYTES } = options;
  if (!Number.isSafeInteger(maxHeaderBytes) || maxHeaderBytes < 1) {
    throw new RangeError(`maxHeaderBytes is ${maxHeaderBytes}; allowed: whole numbers from 1`);
  }
  const checked = { rules: [{ body: 'none' as const }], ...options, idle: [...(options.idle ?? [])], maxHeaderBytes, maxPayloadBytes };
  const format = {
    measure: (bytes: BytesIn, start: number, end: number, progress: Progress): Measured => measured(checked, bytes, start, end, progress),
    state: (): Progress => ({ phase: 'head', partStart: 0, searched: 0, until: new Uint8Array(0) }),
    unwrap: undefined,
    maxPayloadBytes: checkedLimit(maxPayloadBytes),
    maxFrameBytes: maxPayloadBytes,
    maxHeaderBytes: Number.POSITIVE_INFINITY,
  };
  return described(measuredCodec('text', format), () => ({ text: { ...options, maxHeaderBytes } }));
}

type Checked = Omit<Required<TextOptions>, 'idle'> & { readonly idle: readonly number[] };

function measured(options: Checked, bytes: BytesIn, start: number, end: number, progress: Progress): Measured {
  if (progress.phase === 'head' && progress.searched === 0) {
    let at = start;
    while (at < end && options.idle.includes(bytes[at]!)) at++;
    if (at > start) return { skip: at - start };
  }
  // Each turn moves on by at least a byte, or returns.
  for (;;) {
    const total = PHASES[progress.phase](options, bytes.subarray(start, end), progress);
    if (total !== undefined) return total;
  }
}

/** What each phase makes of the bytes of the frame: the length of the whole, 0 while more are needed, `undefined` where another phase goes on. */
const PHASES: Readonly<Record<Phase, (options: Checked, frame: BytesIn, progress: Progress) => number | undefined>> = {
  head(options, frame, progress) {
    const end = options.head === 'line' ? lineEnd(frame, progress) : blockEnd(frame, progress);
    if ((end === 0 ? frame.length : end) - progress.partStart > options.maxHeaderBytes) throw tooLong('head', options.maxHeaderBytes);
    if (end === 0) return 0;
    const head = headOf(latin1(frame.subarray(progress.partStart, end)));
    return follow(bodyOf(options.rules, head), head, { end, limit: options.maxPayloadBytes }, progress);
  },
  trailer(_options, frame, { partStart, until }) {
    const seen = frame.subarray(partStart, partStart + until.length);
    if (!seen.every((byte, index) => byte === until[index])) {
      throw new FrameError('FRAME_ERR_BAD_TRAILER', `the payload must be followed by ${toHex(until)}, received ${toHex(seen)}`);
    }
    return seen.length < until.length ? 0 : partStart + until.length;
  },
  until(_options, frame, progress) {
    const { until } = progress;
    const last = until[until.length - 1]!;
    while (progress.searched < frame.length) {
      const at = progress.searched++;
      const first = at + 1 - until.length;
      if (frame[at] === last && first >= progress.partStart && until.every((byte, index) => frame[first + index] === byte)) return at + 1;
    }
    return 0;
  },
  'chunk-size'(options, frame, progress) {
    const end = lineEnd(frame, progress);
    if ((end === 0 ? frame.length : end) - progress.partStart > options.maxHeaderBytes) throw tooLong('chunk size', options.maxHeaderBytes);
    if (end === 0) return 0;
    const size = chunkSize(latin1(frame.subarray(progress.partStart, end)));
    if (end + size > options.maxPayloadBytes) throw tooLarge(end + size, options.maxPayloadBytes);
    if (size === 0) {
      moveTo(progress, 'trailers', end);
      return undefined;
    }
    if (frame.length > end + size && !isLineEnd(frame, end + size)) return badChunkEnd();
    if (frame.length < end + size + 2) {
      // The size is read again, which is short.
      progress.searched = end - 1;
      return 0;
    }
    moveTo(progress, 'chunk-size', end + size + 2);
    return undefined;
  },
  trailers(options, frame, progress) {
    const end = lineEnd(frame, progress);
    if ((end === 0 ? frame.length : end) - progress.partStart > options.maxHeaderBytes) throw tooLong('trailer', options.maxHeaderBytes);
    if (end === 0) return 0;
    if (isEmptyLine(frame, progress.partStart, end)) return end;
    moveTo(progress, 'trailers', end);
    return undefined;
  },
};

function follow(body: TextBody, head: Head, { end, limit }: { end: number; limit: number }, progress: Progress): number | undefined {
  if (body === 'none') return end;
  if (body === 'chunked') moveTo(progress, 'chunk-size', end);
  else if (body === 'more' || body === 'refuse') moveTo(progress, 'head', end);
  else if ('until' in body) {
    moveTo(progress, 'until', end);
    progress.until = fromHex(body.until)!;
  } else {
    const bodyEnd = end + lengthOf(body.length, head);
    if (bodyEnd > limit) throw tooLarge(bodyEnd, limit);
    if (body.thenMore !== true && body.trailer === undefined) return bodyEnd;
    moveTo(progress, body.thenMore === true ? 'head' : 'trailer', bodyEnd);
    if (body.trailer !== undefined) progress.until = fromHex(body.trailer)!;
  }
  return undefined;
}

function moveTo(progress: Progress, phase: Phase, partStart: number): void {
  progress.phase = phase;
  progress.partStart = partStart;
  progress.searched = partStart;
}

/** Behind the LF of the line under way; 0 while it has not come. */
function lineEnd(frame: BytesIn, progress: Progress): number {
  const at = progress.searched < frame.length ? findByte(frame, LF, progress.searched) : -1;
  progress.searched = at < 0 ? Math.max(frame.length, progress.searched) : at + 1;
  return at < 0 ? 0 : at + 1;
}

/** Behind the empty line that ends the block; 0 while it has not come. */
function blockEnd(frame: BytesIn, progress: Progress): number {
  for (let end = lineEnd(frame, progress); end > 0; end = lineEnd(frame, progress)) {
    const previous = end < 2 ? -1 : frame.lastIndexOf(LF, end - 2);
    const isEmpty = isEmptyLine(frame, Math.max(previous + 1, progress.partStart), end);
    if (isEmpty) return end;
  }
  return 0;
}

function isEmptyLine(frame: BytesIn, start: number, end: number): boolean {
  return end - start === 1 || (end - start === 2 && frame[start] === CR);
}

function isLineEnd(frame: BytesIn, at: number): boolean {
  return frame[at] === CR && (at + 1 >= frame.length || frame[at + 1] === LF);
}

function badChunkEnd(): never {
  throw new FrameError('FRAME_ERR_BAD_TRAILER', 'a chunk is not followed by CR LF');
}

/** Source: RFC 9112, 7.1: hexadecimal digits, then extensions that nobody reads. */
function chunkSize(line: string): number {
  const digits = /^([\da-f]{1,13})[ \t]*(?:;[^\r\n]*)?\r\n$/i.exec(line);
  if (digits !== null) return Number.parseInt(digits[1]!, 16);
  throw new FrameError('FRAME_ERR_MALFORMED_LENGTH', `a chunk size is hexadecimal digits, received ${JSON.stringify(line.slice(0, 60))}`);
}

function tooLong(what: string, limit: number): FrameError {
  return new FrameError('FRAME_ERR_HEADER_TOO_LONG', `${what} of more than ${limit} bytes`, { declared: limit + 1, limit });
}

function latin1(bytes: BytesIn): string {
  return new TextDecoder('latin1').decode(bytes);
}
