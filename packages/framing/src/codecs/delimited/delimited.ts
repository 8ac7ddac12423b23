import { checkPayload } from '../../check-bytes.ts';
import { checkedChoice } from '../../choice.ts';
import { Accumulator } from '../../decoding/accumulator.ts';
import { ChunkDecoder } from '../../decoding/chunk-decoder.ts';
import { described } from '../../described.ts';
import { FrameError } from '../../errors.ts';
import { frameMemory } from '../../frame-memory.ts';
import { toHex } from '../../hex.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { started } from '../measured/started.ts';
import { DelimiterSet } from './delimiter-set.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { FrameWriter } from '../../writer.ts';
import type { DelimitedChecksum } from '../measured/started.ts';

/** Options of {@link delimited}. */
export interface DelimitedOptions {
  /** What ends a frame: one byte sequence or several, none empty. The first one is written. Strings are encoded as UTF-8. */
  readonly delimiters: string | BytesIn | readonly (string | BytesIn)[];
  /** Whether the delimiter is removed from payloads; otherwise they include it, read and written. @defaultValue true */
  readonly strip?: boolean;
  /** Longest payload, in bytes. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /** Bytes after the last delimiter when the stream ends: an error, or one more payload. @defaultValue 'error' */
  readonly unended?: 'error' | 'emit';
  /**
   * What a frame begins with, as VT (0b) for MLLP and STX (02) for serial protocols: it belongs to no payload. Then there is one delimiter, which is stripped.
   * A string stands for its UTF-8. @defaultValue nothing
   */
  readonly start?: string | BytesIn;
  /** With `start`: what is checked behind the delimiter, as the LRC behind ETX, and what it covers. @defaultValue nothing */
  readonly checksum?: DelimitedChecksum;
  /** With `start`: bytes that may stand between frames, in any number and order, and belong to none. @defaultValue none */
  readonly idle?: BytesIn;
}

const NOTHING = new Accumulator();

/**
 * Frames that end with a delimiter, which payloads therefore cannot contain.
 *
 * ```
 *  0             n          n+d
 *  +-------------+-----------+     delimiters '\r\n': "hi" -> 68 69 0d 0a
 *  | payload: n  | delimiter |
 *  +-------------+-----------+
 * ```
 *
 * Of several delimiters the first that is complete ends the frame; of those that end at the same byte the longest,
 * which gives the shortest payload.
 *
 * With a start and a checksum:
 *
 * ```
 *  0     1            1+n   2+n
 *  +-----+------------+-----+-----+     start 02, delimiters 03, xor of payload and delimiter: "hi" -> 02 68 69 03 02
 *  | STX | payload: n | ETX | LRC |
 *  +-----+------------+-----+-----+
 * ```
 *
 * Errors: `FRAME_ERR_TOO_LARGE` as soon as a payload is over the limit, ended or not; `FRAME_ERR_BAD_MAGIC` for a frame without its start;
 * `FRAME_ERR_BAD_CHECKSUM`; `FRAME_ERR_TRUNCATED` for an unended last frame; `FRAME_ERR_PAYLOAD` when a payload to encode would end early, or at another byte than it does.
 *
 * @throws RangeError when there is no delimiter, an empty one, or one that another ends before it is complete; with a start, when there are several, or one of the
 * other options.
 */
export function delimited(options: DelimitedOptions): ByteCodec {
  const { delimiters, strip = true, maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, unended = 'error' } = options;
  checkedChoice('strip', strip, [true, false]);
  checkedChoice('unended', unended, ['error', 'emit']);
  const list = typeof delimiters === 'string' || delimiters instanceof Uint8Array ? [delimiters] : delimiters;
  // Copies: a caller that later changes its array must not change the format. `slice` of a Node buffer does not copy.
  const sequences = list.map((delimiter) =>
    typeof delimiter === 'string' ? new TextEncoder().encode(delimiter) : new Uint8Array(delimiter),
  );
  checkDelimiters(sequences);
  if (options.start !== undefined) return startedDelimited(options, options.start, sequences);
  if (options.checksum !== undefined || options.idle !== undefined) throw new RangeError('a checksum and idle bytes need a start');
  const codec = new DelimitedCodec(sequences, { strip, maxPayloadBytes: checkedLimit(maxPayloadBytes), unended });
  return described(codec, () => ({ kind: 'delimited', delimiters: sequences.map((each) => ({ bytes: toHex(each) })), strip, unended }));
}

function startedDelimited(
  {
    strip = true,
    maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES,
    unended = 'error',
    checksum: check,
    idle = new Uint8Array(0),
  }: DelimitedOptions,
  start: string | BytesIn,
  [end, ...others]: readonly Bytes[],
): ByteCodec {
  if (others.length > 0) throw new RangeError(`${others.length + 1} delimiters with a start; allowed: 1`);
  if (!strip || unended === 'emit') throw new RangeError("with a start a delimiter is stripped, and unended is 'error'");
  const startBytes = typeof start === 'string' ? new TextEncoder().encode(start) : new Uint8Array(start);
  if (startBytes.length === 0) throw new RangeError('the start is empty, it needs at least one byte');
  if (idle.includes(startBytes[0]!))
    throw new RangeError('idle bytes can be distinguished from the start only when it begins with another byte');
  const codec = started({ start: startBytes, end: end!, check, idle: [...idle], maxPayloadBytes: checkedLimit(maxPayloadBytes) });
  return described(codec, () => ({ started: { start: startBytes, end: end!, check, idle: [...idle] } }));
}

function checkDelimiters(delimiters: readonly BytesIn[]): void {
  if (delimiters.length === 0) throw new RangeError('there is no delimiter, at least one is needed');
  if (delimiters.some((delimiter) => delimiter.length === 0)) throw new RangeError('a delimiter is empty, each needs at least one byte');
  for (const delimiter of delimiters) {
    const ending = delimiters.find((other) => endsBefore(delimiter, other));
    if (ending !== undefined) {
      const hint = isNewlines(delimiters) ? ", for lines that end with CR, LF or CR LF take line({ ending: 'any' })" : '';
      throw new RangeError(`delimiter ${show(delimiter)} can never end a frame: ${show(ending)} inside it does so earlier${hint}`);
    }
  }
}

function isNewlines(delimiters: readonly BytesIn[]): boolean {
  return delimiters.every((delimiter) => delimiter.every((byte) => byte === 0x0a || byte === 0x0d));
}

/** Whether `other` lies in `delimiter` and ends before it. */
function endsBefore(delimiter: BytesIn, other: BytesIn): boolean {
  for (let start = 0; start + other.length < delimiter.length; start++) {
    if (other.every((byte, at) => byte === delimiter[start + at])) return true;
  }
  return false;
}

function show(bytes: BytesIn): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

type Settings = Required<Pick<DelimitedOptions, 'strip' | 'maxPayloadBytes' | 'unended'>>;

class DelimitedCodec implements ByteCodec {
  readonly name = 'delimited';
  readonly maxPayloadBytes: number;
  readonly #settings: Settings;
  readonly #delimiters: DelimiterSet;
  /** What is written after each payload. */
  readonly #written: BytesIn;

  constructor(delimiters: readonly BytesIn[], settings: Settings) {
    this.maxPayloadBytes = settings.maxPayloadBytes;
    this.#settings = settings;
    this.#delimiters = new DelimiterSet(delimiters);
    this.#written = settings.strip ? delimiters[0]! : new Uint8Array(0);
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return new DelimitedDecoder(this.#delimiters, this.#settings, options);
  }

  encode(payload: BytesIn): Bytes {
    this.#check(payload);
    const frame = frameMemory(payload.length + this.#written.length);
    frame.set(payload);
    frame.set(this.#written, payload.length);
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    this.#check(payload);
    const offset = writer.reserve(payload.length + this.#written.length);
    writer.bytes.set(payload, offset);
    writer.bytes.set(this.#written, offset + payload.length);
  }

  #check(payload: BytesIn): void {
    checkPayload(payload, this.maxPayloadBytes);
    const end = this.#firstEnd(payload);
    if (!this.#settings.strip) {
      if (end === payload.length) return;
      const seen = end < 0 ? 'none seen' : `one seen before byte ${end} of ${payload.length}`;
      throw new FrameError('FRAME_ERR_PAYLOAD', `a payload must end with its only delimiter, ${seen}`);
    }
    if (end >= 0) {
      throw new FrameError('FRAME_ERR_PAYLOAD', `a payload cannot contain a delimiter, found before byte ${end} of ${payload.length}`);
    }
    if (this.#delimiters.longestBytes > 1) this.#checkSeam(payload);
  }

  // The last bytes of the payload and the delimiter may together be read as another delimiter, or as the same one earlier.
  #checkSeam(payload: BytesIn): void {
    const tail = payload.subarray(Math.max(0, payload.length - this.#delimiters.longestBytes + 1));
    const seam = new Uint8Array(tail.length + this.#written.length);
    seam.set(tail);
    seam.set(this.#written, tail.length);
    const end = this.#firstEnd(seam);
    if (end === seam.length && this.#delimiters.lengthAt(seam, 0, end - 1, NOTHING) === this.#written.length) return;
    throw new FrameError('FRAME_ERR_PAYLOAD', `a payload cannot end in ${show(tail)}: with the delimiter after it, it would end earlier`);
  }

  /** The offset after the first delimiter in `bytes`, or −1. */
  #firstEnd(bytes: BytesIn): number {
    for (let at = this.#delimiters.nextEnd(bytes, 0); at >= 0; at = this.#delimiters.nextEnd(bytes, at + 1)) {
      if (this.#delimiters.lengthAt(bytes, 0, at, NOTHING) > 0) return at + 1;
    }
    return -1;
  }
}

class DelimitedDecoder extends ChunkDecoder {
  readonly #delimiters: DelimiterSet;
  readonly #strip: boolean;
  readonly #emitsUnended: boolean;
  #hasEnded = false;

  constructor(delimiters: DelimiterSet, { strip, maxPayloadBytes, unended }: Settings, options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#delimiters = delimiters;
    this.#strip = strip;
    this.#emitsUnended = unended === 'emit';
  }

  override advance(): boolean {
    const { chunk, position } = this;
    // What was searched before is in `partial`, so no byte is searched twice.
    let at = position < this.chunkEnd ? this.#delimiters.nextEnd(chunk, position) : -1;
    while (at >= 0) {
      const delimiterBytes = this.#delimiters.lengthAt(chunk, position, at, this.partial);
      if (delimiterBytes > 0) return this.#finish(at + 1, this.#strip ? delimiterBytes : 0);
      at = this.#delimiters.nextEnd(chunk, at + 1);
    }
    return this.#hold();
  }

  override end(): void {
    this.throwIfFailed();
    if (this.#emitsUnended) this.#hasEnded = this.bufferedBytes > 0;
    else super.end();
  }

  override get neededBytes(): undefined {
    return undefined;
  }

  protected override reset(): void {
    this.#hasEnded = false;
  }

  #finish(end: number, strippedBytes: number): boolean {
    const start = this.position;
    const payloadBytes = this.partial.length + (end - start) - strippedBytes;
    if (payloadBytes > this.maxPayloadBytes) throw this.#refuse();
    if (this.partial.length === 0) {
      this.position = end;
      return this.found(start, end - strippedBytes);
    }
    if (end - strippedBytes > start) this.partial.append(this.chunk, start, end - strippedBytes, payloadBytes);
    this.position = end;
    return this.foundPartial(this.partial.length - payloadBytes);
  }

  #hold(): boolean {
    this.throwIfFailed();
    if (this.position < this.chunkEnd) {
      const expected = this.maxPayloadBytes + this.#delimiters.longestBytes;
      const byteLength = this.partial.length + (this.chunkEnd - this.position);
      // So long that no delimiter could bring it back under the limit: refused before it is stored.
      if (byteLength >= expected) throw this.#refuse();
      this.partial.append(this.chunk, this.position, this.chunkEnd, expected);
      this.position = this.chunkEnd;
      this.#checkHeld();
    }
    return this.#hasEnded && this.partial.length > 0 ? this.#emitUnended() : this.wantMore();
  }

  #checkHeld(): void {
    if (this.partial.length <= this.maxPayloadBytes) return;
    // The beginning of a delimiter is not counted yet: it may be stripped.
    const begunBytes = this.#strip ? this.#delimiters.begunBytes(this.partial.peek()) : 0;
    const payloadBytes = this.partial.length - begunBytes;
    if (payloadBytes > this.maxPayloadBytes) throw this.#refuse();
  }

  #emitUnended(): boolean {
    if (this.partial.length > this.maxPayloadBytes) throw this.#refuse();
    this.#hasEnded = false;
    return this.foundPartial();
  }

  // How much of the payload is there depends on how the stream was cut; that it is over the limit does not.
  #refuse(): FrameError {
    const limit = this.maxPayloadBytes;
    return this.fail('FRAME_ERR_TOO_LARGE', `payload of at least ${limit + 1} bytes, limit ${limit}`, { declared: limit + 1, limit });
  }
}
