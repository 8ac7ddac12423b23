import { checkPayload } from '../check-bytes.ts';
import { returnedText, thrownText } from '../decoding/thrown.ts';
import { FrameError } from '../errors.ts';
import { frameMemory } from '../frame-memory.ts';
import { DEFAULT_MAX_HEADER_BYTES, DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import { CustomDecoder } from './custom-decoder.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';
import type { Measured, MeasuredFormat } from './custom-decoder.ts';

/**
 * Returns the length of the frame that starts at `bytes[start]`, of which `bytes[start, end)` is there: in bytes, including its
 * header, or 0 when more bytes are needed to tell. The length may go beyond `end`. It may throw when no frame starts like that. `{ skip: n }` says
 * that the first `n` bytes belong to no frame: they are passed over.
 *
 * It is asked again, from the start of the frame, each time that bytes came, so it must need no bytes behind the frame, and depend on nothing
 * else but `state`: what {@link CustomOptions.state} made for this frame, and the function may change. One that walks over many bytes
 * before it knows keeps there how far it came, counted from `start`, and goes on; else it would walk over `n * n / 2` bytes when `n` come one by
 * one.
 */
export type Measure<State = undefined> = (bytes: BytesIn, start: number, end: number, state: State) => Measured;

/** Options of {@link custom}. */
export interface CustomOptions<State = undefined> {
  /** The format's name. */
  readonly name: string;
  /** Returns the length of a frame. */
  readonly measure: Measure<State>;
  /** Makes what `measure` keeps of a frame while its bytes come in, as how far it looked. @defaultValue nothing */
  readonly state?: () => State;
  /** The payload of a whole frame: a part of it, or other bytes. It may throw. Needs `wrap`. @defaultValue the frame */
  readonly unwrap?: (frame: Bytes) => BytesIn;
  /** The frame of a payload: what `unwrap` undoes. */
  readonly wrap?: (payload: BytesIn) => BytesIn;
  /** Longest payload, in bytes; without `unwrap` that is the whole frame. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /** Longest frame, in bytes. @defaultValue maxPayloadBytes; with `unwrap` twice that and 8192 more */
  readonly maxFrameBytes?: number;
  /** Most bytes of a frame that `measure` may need to know its length. At least 1. @defaultValue 8192; with `state` as long as the frame may be */
  readonly maxHeaderBytes?: number;
}

/**
 * A format of your own, from one function that measures frames. Payloads are whole frames, headers included, unless `unwrap` takes
 * something off; what is inside them is for a payload codec to tell ({@link withPayload}). After Erlang's `packet_get_length` and Go's
 * `SplitFunc`.
 *
 * ```ts
 * // A kind, a length, that many bytes.
 * custom({ name: 'kind-u8', measure: (bytes, start, end) => (end - start < 2 ? 0 : 2 + bytes[start + 1]!) });
 *
 * // Up to a zero, which is taken off; no byte is looked at twice.
 * custom({
 *   name: 'zero-ended',
 *   state: () => ({ seen: 0 }),
 *   measure(bytes, start, end, state) {
 *     for (; start + state.seen < end; state.seen++) if (bytes[start + state.seen] === 0) return state.seen + 1;
 *     return 0;
 *   },
 *   unwrap: (frame) => frame.subarray(0, -1),
 *   wrap: (payload) => Uint8Array.from([...payload, 0]),
 * });
 * ```
 *
 * Errors: `FRAME_ERR_TOO_LARGE` as soon as a frame is measured to be over the limit; `FRAME_ERR_HEADER_TOO_LONG` when `measure` has seen
 * `maxHeaderBytes` and does not know; `FRAME_ERR_MALFORMED_LENGTH` when it returns what is no length; `FRAME_ERR_PAYLOAD` when a function
 * throws, with what it threw as the cause, unless that is a `FrameError`, whose code is kept. Encoding a payload that `measure` does
 * not find to be exactly one frame is `FRAME_ERR_PAYLOAD`.
 *
 * @throws RangeError when a limit is not a whole number, or 0; when there is one of `wrap` and `unwrap`.
 */
export function custom<State = undefined>(options: CustomOptions<State>): ByteCodec {
  const { name, measure, state, unwrap, wrap, maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES } = options;
  if ((wrap === undefined) !== (unwrap === undefined)) throw new RangeError('wrap and unwrap belong together: one of them is missing');
  if (checkedLimit(maxPayloadBytes) === 0 && unwrap === undefined) throw new RangeError('maxPayloadBytes is 0, a frame has at least 1');
  const longest = unwrap === undefined ? maxPayloadBytes : maxPayloadBytes * 2 + DEFAULT_MAX_HEADER_BYTES;
  const { maxFrameBytes = longest } = options;
  const { maxHeaderBytes = state === undefined ? DEFAULT_MAX_HEADER_BYTES : Number.MAX_SAFE_INTEGER } = options;
  if (!Number.isSafeInteger(maxHeaderBytes) || maxHeaderBytes < 1) {
    throw new RangeError(`maxHeaderBytes is ${maxHeaderBytes}; allowed: whole numbers from 1 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return measuredCodec(name, { measure, state, unwrap, maxPayloadBytes, maxFrameBytes, maxHeaderBytes }, wrap);
}

/**
 * A codec of a format that one function measures.
 *
 * @param leadBytes - how many bytes of what `wrap` makes stand before the frame, and are passed over when it is read.
 */
export function measuredCodec(
  name: string,
  format: MeasuredFormat,
  wrap?: (payload: BytesIn) => BytesIn,
  leadBytes: number = 0,
): ByteCodec {
  return new CustomCodec(name, format, wrap, leadBytes);
}

class CustomCodec implements ByteCodec {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly #format: MeasuredFormat;
  readonly #wrap: ((payload: BytesIn) => BytesIn) | undefined;
  readonly #leadBytes: number;

  constructor(name: string, format: MeasuredFormat, wrap: ((payload: BytesIn) => BytesIn) | undefined, leadBytes: number) {
    this.name = name;
    this.maxPayloadBytes = format.maxPayloadBytes;
    this.#format = format;
    this.#wrap = wrap;
    this.#leadBytes = leadBytes;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return new CustomDecoder(this.#format, options);
  }

  encode(payload: BytesIn): Bytes {
    const frame = this.#checkedFrame(payload);
    const copy = frameMemory(frame.length);
    copy.set(frame);
    return copy;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    const frame = this.#checkedFrame(payload);
    const offset = writer.reserve(frame.length);
    writer.bytes.set(frame, offset);
  }

  #checkedFrame(payload: BytesIn): BytesIn {
    checkPayload(payload, this.maxPayloadBytes);
    const frame = this.#wrap === undefined ? payload : own(() => this.#wrap!(payload), 'wrapping the payload');
    const { measure, state, maxHeaderBytes } = this.#format;
    const start = this.#leadBytes;
    const byteLength = frame.length - start;
    const seen = start + Math.min(byteLength, maxHeaderBytes);
    const measured = own(() => measure(frame, start, seen, state?.() as never), 'measuring the frame');
    if (byteLength === 0 || measured !== byteLength) {
      throw new FrameError('FRAME_ERR_PAYLOAD', `frame of ${byteLength} bytes, of which ${measuredText(measured)} are measured`);
    }
    return frame;
  }
}

function measuredText(measured: Measured): string {
  return typeof measured === 'object' && measured !== null && 'skip' in measured
    ? `the first ${returnedText(measured.skip)} are outside it, and the others`
    : returnedText(measured);
}

/** What a function of the program returns. @throws FrameError for what it throws. */
function own<Value>(call: () => Value, what: string): Value {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof FrameError) throw thrown;
    const error = new FrameError('FRAME_ERR_PAYLOAD', `${what} threw ${thrownText(thrown)}`);
    error.cause = thrown;
    throw error;
  }
}
