import { described } from '../../described.ts';
import { FrameError, tooLarge } from '../../errors.ts';
import { checkedLimit, DEFAULT_MAX_PAYLOAD_BYTES } from '../../limits.ts';
import { measuredCodec } from '../custom.ts';
import { checkChecksum, checksumBytes, hex, writeChecksum } from './checked-bytes.ts';
import type { ByteCodec, Bytes, BytesIn } from '../../codec.ts';
import type { Checksum } from '../../frame/checksum.ts';
import type { Measured } from '../custom-decoder.ts';

/** Options of {@link stuffed}. */
export interface StuffedOptions {
  /** The byte at both ends of a frame. */
  readonly flag: number;
  /** The byte that begins an escape. */
  readonly escape: number;
  /**
   * What stands behind the escape: for each byte that is escaped another one, the flag and the escape among them; or one number, which the escaped byte is
   * taken in exclusive or with, as HDLC does.
   */
  readonly replace: readonly (readonly [byte: number, written: number])[] | number;
  /** What is checked behind the payload, inside of the frame. @defaultValue nothing */
  readonly checksum?: Checksum;
  /** What an escape before a flag is: an error, or the end of a frame that its sender gave up, which is passed over. @defaultValue 'error' */
  readonly aborted?: 'error' | 'skip';
  /** Longest payload, in bytes, escapes counted as the byte that they stand for. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
}

/** Both directions of the escapes, by the byte; −1 for none. */
interface Escapes {
  readonly written: Int16Array;
  readonly read: Int16Array;
}

interface Progress {
  searched: number;
  payloadBytes: number;
  isInEscape: boolean;
}

/**
 * The payload between two flags, in which flags and escapes are escaped: HDLC and PPP (7e, 7d, exclusive or with 20), JT/T 808 (7e, 7d: 02 for 7e and 01
 * for 7d), KISS and SLIP (c0, db: dc for c0 and dd for db).
 *
 * ```
 *  0      1               1+m    2+m
 *  +------+----------------+------+     flag 7e, escape 7d, replace 20: "hi" -> 7e 68 69 7e, 7e -> 7e 7d 5e 7e
 *  | flag | payload, m ≥ n | flag |
 *  +------+----------------+------+
 * ```
 *
 * One flag may end a frame and begin the next; any number of flags may stand between frames. Both flags are written.
 *
 * Errors: `FRAME_ERR_TOO_LARGE` on the first byte over the limit; `FRAME_ERR_BAD_ESCAPE`; `FRAME_ERR_BAD_CHECKSUM`; `FRAME_ERR_PAYLOAD` when
 * an empty payload is encoded without a checksum, which readers take for two flags.
 *
 * @throws RangeError when flag and escape are one, or cannot be escaped.
 */
export function stuffed(options: StuffedOptions): ByteCodec {
  const { flag, escape, checksum, aborted = 'error', maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES } = options;
  const escapes = escapesOf(options);
  const checkBytes = checksum === undefined ? 0 : checksumBytes(checksum);
  const longest = checkedLimit(maxPayloadBytes) + checkBytes;
  const maxFrameBytes = longest * 2 + 1;
  const format = {
    measure: (bytes: BytesIn, start: number, end: number, progress: Progress): Measured => {
      if (progress.searched === 0) {
        const skip = flagsAt(bytes, start, end, flag);
        if (skip > 0) return { skip };
      }
      return measured({ flag, escape, escapes, aborted, longest, maxPayloadBytes }, bytes, start, end, progress);
    },
    state: (): Progress => ({ searched: 0, payloadBytes: 0, isInEscape: false }),
    unwrap: (frame: Bytes): BytesIn => checkedPayload(unstuffed(frame, escape, escapes), checksum, checkBytes),
    maxPayloadBytes,
    maxFrameBytes,
    maxHeaderBytes: Number.POSITIVE_INFINITY,
  };
  const codec = measuredCodec(
    'stuffed',
    format,
    (payload) => wrapped(withChecksum(payload, checksum, checkBytes), flag, escape, escapes),
    1,
  );
  return described(codec, () => ({ stuffed: options }));
}

function escapesOf({ flag, escape, replace }: StuffedOptions): Escapes {
  const [written, read] = [new Int16Array(256).fill(-1), new Int16Array(256).fill(-1)];
  const pairs = typeof replace === 'number' ? Array.from({ length: 256 }, (_, byte) => [byte, byte ^ replace] as const) : replace;
  for (const byte of [flag, escape, ...(typeof replace === 'number' ? [replace] : replace.flat())]) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 0xff) throw new RangeError(`${byte} is not a byte; allowed: 0 to 255`);
  }
  for (const [byte, as] of pairs) {
    if (as === flag || as === escape) continue;
    read[as] = byte;
    // Only these must be escaped; others may be by whoever sends them.
    if (typeof replace !== 'number' || byte === flag || byte === escape) written[byte] = as;
  }
  if (flag === escape || written[flag]! < 0 || written[escape]! < 0) {
    throw new RangeError(`flag ${hex(flag)} and escape ${hex(escape)} must be two bytes, and each have an escape that is neither`);
  }
  return { written, read };
}

function flagsAt(bytes: BytesIn, start: number, end: number, flag: number): number {
  let at = start;
  while (at < end && bytes[at] === flag) at++;
  return at - start;
}

interface Rule {
  readonly flag: number;
  readonly escape: number;
  readonly escapes: Escapes;
  readonly aborted: 'error' | 'skip';
  readonly longest: number;
  readonly maxPayloadBytes: number;
}

function measured(rule: Rule, bytes: BytesIn, start: number, end: number, progress: Progress): Measured {
  while (start + progress.searched < end) {
    const byte = bytes[start + progress.searched++]!;
    if (progress.isInEscape) {
      if (byte === rule.flag && rule.aborted === 'skip') return { skip: progress.searched };
      if (rule.escapes.read[byte]! < 0) throw badEscape(byte);
      progress.isInEscape = false;
      continue;
    }
    if (byte === rule.flag) return progress.searched;
    if (++progress.payloadBytes > rule.longest) throw tooLarge(rule.maxPayloadBytes + 1, rule.maxPayloadBytes);
    progress.isInEscape = byte === rule.escape;
  }
  return 0;
}

function badEscape(byte: number): FrameError {
  return new FrameError('FRAME_ERR_BAD_ESCAPE', `byte ${hex(byte)} after the escape is not an escape sequence`);
}

function unstuffed(frame: Bytes, escape: number, { read }: Escapes): BytesIn {
  const first = frame.indexOf(escape);
  if (first < 0) return frame.subarray(0, -1);
  const bytes = new Uint8Array(frame.length - 1);
  let to = 0;
  for (let from = 0; from < frame.length - 1; from++) bytes[to++] = frame[from] === escape ? read[frame[++from]!]! : frame[from]!;
  return bytes.subarray(0, to);
}

function checkedPayload(bytes: BytesIn, checksum: Checksum | undefined, checkBytes: number): BytesIn {
  if (checksum === undefined) return bytes;
  const end = bytes.length - checkBytes;
  if (end < 0) throw new FrameError('FRAME_ERR_BAD_CHECKSUM', `a frame of ${bytes.length} bytes has no room for ${checksum.name}`);
  checkChecksum(checksum, bytes, { start: 0, end, at: end });
  return bytes.subarray(0, end);
}

function withChecksum(payload: BytesIn, checksum: Checksum | undefined, checkBytes: number): BytesIn {
  if (checksum === undefined) return payload;
  const bytes = new Uint8Array(payload.length + checkBytes);
  bytes.set(payload);
  writeChecksum(checksum, bytes, { start: 0, end: payload.length, at: payload.length });
  return bytes;
}

function wrapped(bytes: BytesIn, flag: number, escape: number, { written }: Escapes): Bytes {
  if (bytes.length === 0) throw new FrameError('FRAME_ERR_PAYLOAD', 'a stuffed payload has at least one byte, received 0');
  const frame = new Uint8Array(bytes.length * 2 + 2);
  let to = 0;
  frame[to++] = flag;
  for (const byte of bytes) {
    if (written[byte]! >= 0) {
      frame[to++] = escape;
      frame[to++] = written[byte]!;
    } else frame[to++] = byte;
  }
  frame[to++] = flag;
  return frame.subarray(0, to);
}
