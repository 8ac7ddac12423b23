import { FrameError, tooLarge } from '../../errors.ts';
import { toHex } from '../../hex.ts';
import { measuredCodec } from '../custom.ts';
import { checkChecksum, checksumBytes, writeChecksum } from './checked-bytes.ts';
import type { ByteCodec, Bytes, BytesIn } from '../../codec.ts';
import type { Checksum } from '../../frame/checksum.ts';
import type { Measured } from '../custom-decoder.ts';

/** What a checksum behind the end of a frame is taken over. */
export type DelimitedCovers = 'payload' | 'payloadAndEnd' | 'frame';

/** A checksum behind the end of a frame. */
export interface DelimitedChecksum {
  readonly checksum: Checksum;
  readonly covers: DelimitedCovers;
}

/** Options of {@link started}. */
export interface StartedOptions extends StartedMarks {
  readonly maxPayloadBytes: number;
}

/** What stands around a payload. */
export interface StartedMarks {
  readonly start: Bytes;
  readonly end: Bytes;
  readonly check: DelimitedChecksum | undefined;
  /** Bytes that may stand between frames. */
  readonly idle: readonly number[];
}

interface Progress {
  /** How many bytes of the frame were searched for its end. */
  searched: number;
  byteLength: number;
}

/** Frames that begin with some bytes, end with others, and may have a checksum behind these. */
export function started(options: StartedOptions): ByteCodec {
  const { start, end, check, idle, maxPayloadBytes } = options;
  const checkBytes = check === undefined ? 0 : checksumBytes(check.checksum);
  const maxFrameBytes = start.length + maxPayloadBytes + end.length + checkBytes;
  const format = {
    measure: (bytes: BytesIn, from: number, to: number, progress: Progress): Measured => {
      const skip = idle.length === 0 ? 0 : idleBytes(bytes, from, to, idle);
      if (skip > 0) return { skip };
      checkStart(start, bytes, from, to);
      if (progress.byteLength === 0) progress.byteLength = measured(options, bytes, { from, to, progress }, checkBytes);
      return progress.byteLength;
    },
    state: (): Progress => ({ searched: start.length, byteLength: 0 }),
    unwrap: (frame: Bytes): BytesIn => unwrapped(options, frame, checkBytes),
    maxPayloadBytes,
    maxFrameBytes,
    maxHeaderBytes: Number.POSITIVE_INFINITY,
  };
  return measuredCodec('delimited', format, (payload) => wrapped(options, payload, checkBytes));
}

function idleBytes(bytes: BytesIn, from: number, to: number, idle: readonly number[]): number {
  let at = from;
  while (at < to && idle.includes(bytes[at]!)) at++;
  return at - from;
}

function checkStart(start: Bytes, bytes: BytesIn, from: number, to: number): void {
  for (let index = 0; index < start.length && from + index < to; index++) {
    if (bytes[from + index] === start[index]) continue;
    const seen = toHex(bytes.subarray(from, Math.min(to, from + start.length)));
    throw new FrameError('FRAME_ERR_BAD_MAGIC', `a frame starts with ${toHex(start)}, received ${seen}`);
  }
}

interface Seen {
  readonly from: number;
  readonly to: number;
  readonly progress: Progress;
}

/** The length of the frame once its end is seen. The limit is counted in bytes of the frame, however they came. */
function measured(
  { start, end, maxPayloadBytes }: StartedOptions,
  bytes: BytesIn,
  { from, to, progress }: Seen,
  checkBytes: number,
): number {
  const lastByte = end[end.length - 1]!;
  const limit = start.length + maxPayloadBytes + end.length;
  const stop = Math.min(to - from, limit);
  while (progress.searched < stop) {
    const at = progress.searched++;
    if (bytes[from + at] === lastByte && at + 1 - end.length >= start.length && endsAt(end, bytes, from + at)) return at + 1 + checkBytes;
  }
  if (progress.searched === limit) throw tooLarge(maxPayloadBytes + 1, maxPayloadBytes);
  return 0;
}

function endsAt(end: Bytes, bytes: BytesIn, last: number): boolean {
  return end.every((byte, index) => bytes[last + 1 - end.length + index] === byte);
}

function unwrapped({ start, end, check }: StartedOptions, frame: Bytes, checkBytes: number): BytesIn {
  const at = frame.length - checkBytes;
  const payloadEnd = at - end.length;
  if (check !== undefined) checkChecksum(check.checksum, frame, { ...covered(check, start.length, payloadEnd, at), at });
  return frame.subarray(start.length, payloadEnd);
}

function wrapped({ start, end, check }: StartedOptions, payload: BytesIn, checkBytes: number): Bytes {
  const payloadEnd = start.length + payload.length;
  const at = payloadEnd + end.length;
  const frame = new Uint8Array(at + checkBytes);
  frame.set(start);
  frame.set(payload, start.length);
  frame.set(end, payloadEnd);
  if (check !== undefined) writeChecksum(check.checksum, frame, { ...covered(check, start.length, payloadEnd, at), at });
  return frame;
}

function covered(
  { covers }: DelimitedChecksum,
  payloadStart: number,
  payloadEnd: number,
  frameEnd: number,
): { start: number; end: number } {
  if (covers === 'payload') return { start: payloadStart, end: payloadEnd };
  return { start: covers === 'frame' ? 0 : payloadStart, end: frameEnd };
}
