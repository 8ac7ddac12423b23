import { shown } from '../check-bytes.ts';
import { handOver } from '../decoding/hand-over.ts';
import { ignoreLater } from '../decoding/thrown.ts';
import { FrameError } from '../errors.ts';
import { HEX_WINDOW_BYTES } from '../limits.ts';
import type { Bytes, BytesIn, Codec, Decoder, DecoderOptions } from '../codec.ts';
import type { FrameErrorDetails } from '../errors.ts';
import type { FieldsCodec, HeaderAndPayload } from '../frame/fields-codec.ts';
import type { FrameWriter } from '../writer.ts';

/** Returned by a payload codec to skip a payload, such as a heartbeat. */
export const SKIP: unique symbol = Symbol('socklab.skip');

/**
 * What a payload means: the step after framing. It is immutable and has no state, so one value serves every connection.
 *
 * @typeParam Decoded - what payloads become; includes `typeof SKIP` if some are skipped.
 * @typeParam Encodable - what can be sent.
 * @typeParam Fields - the header fields that come with each payload; a codec of bytes has none.
 */
export interface PayloadCodec<Decoded, Encodable = Exclude<Decoded, typeof SKIP>, Fields = unknown> {
  /** The name, which follows that of the framing. */
  readonly name: string;
  /**
   * Reads one whole payload; {@link SKIP} skips it. Anything it throws becomes a `FrameError` `FRAME_ERR_PAYLOAD` that says which frame it
   * was, and so does `undefined`: most often a `return` was forgotten, and messages would be lost silently.
   */
  decode(payload: Bytes, header: Fields): Decoded;
  /** Writes one payload. Anything it throws becomes a `FrameError` `FRAME_ERR_PAYLOAD`. */
  encode(value: Encodable, header: Fields): BytesIn;
}

/** A payload codec that needs no header and skips nothing, so that it can be called by itself. */
export interface ValueCodec<Decoded, Encodable = Decoded> {
  readonly name: string;
  decode(payload: Bytes): Decoded;
  encode(value: Encodable): BytesIn;
}

/**
 * Adds a payload codec to a framing: frames first, meaning after, so that no cut ever splits a character or a value.
 *
 * ```ts
 * const codec = withPayload(lengthPrefixed({ length: u32be }), json());   // Codec<unknown>
 * codec.encode({ type: 'hello' });                                        // 00 00 00 10 7b 22 74 …
 * withPayload(grpc(), json());                                            // of { header: { compressed }, payload: unknown }
 * ```
 *
 * Errors: those of the framing, and `FRAME_ERR_PAYLOAD` for a payload that cannot be read or a value that cannot be written.
 * Its `offset` and `frameIndex` are those of the frame, `hex` shows the payload, and `cause` is what the payload codec threw.
 * As after every `FrameError` the decoder is finished: a peer with valid frames and invalid payloads is broken too. To go on
 * after such a payload, decode bytes and call the payload codec yourself.
 */
export function withPayload<Decoded, Encodable, Fields>(
  codec: FieldsCodec<Fields>,
  payload: PayloadCodec<Decoded, Encodable, Fields>,
  name?: string,
): Codec<HeaderAndPayload<Fields, Exclude<Decoded, typeof SKIP>>, HeaderAndPayload<Fields, Encodable>>;
export function withPayload<Decoded, Encodable>(
  codec: Codec,
  payload: PayloadCodec<Decoded, Encodable, undefined>,
  name?: string,
): Codec<Exclude<Decoded, typeof SKIP>, Encodable>;
export function withPayload(
  codec: Codec | FieldsCodec<unknown>,
  payload: PayloadCodec<unknown, unknown, never>,
  name: string = `${codec.name}+${payload.name}`,
): Codec<unknown, unknown> {
  return new PayloadFraming(codec, 'fields' in codec, payload, name);
}

type AnyPayloadCodec = PayloadCodec<unknown, unknown>;
type AnyMessage = HeaderAndPayload<unknown, unknown>;

class PayloadFraming implements Codec<unknown, unknown> {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly #codec: Codec<unknown, unknown>;
  readonly #hasFields: boolean;
  readonly #payload: AnyPayloadCodec;

  constructor(codec: Codec<unknown, unknown>, hasFields: boolean, payload: AnyPayloadCodec, name: string) {
    this.name = name;
    this.maxPayloadBytes = codec.maxPayloadBytes;
    this.#codec = codec;
    this.#hasFields = hasFields;
    this.#payload = payload;
  }

  createDecoder(options?: DecoderOptions): Decoder<unknown> {
    return new PayloadDecoder(this.#codec.createDecoder(options), this.#hasFields, this.#payload);
  }

  encode(value: unknown): Bytes {
    return this.#codec.encode(this.#encodable(value));
  }

  encodeInto(writer: FrameWriter, value: unknown): void {
    this.#codec.encodeInto(writer, this.#encodable(value));
  }

  #encodable(value: unknown): unknown {
    if (!this.#hasFields) return this.#bytesOf(value, undefined);
    // Any other message is for the framing to refuse.
    if (typeof value !== 'object' || value === null || !('payload' in value)) return value;
    const { header, payload } = value as AnyMessage;
    return { header, payload: this.#bytesOf(payload, header) };
  }

  #bytesOf(value: unknown, header: unknown): BytesIn {
    try {
      return notLater(this.#payload.encode(value, header));
    } catch (thrown) {
      throw payloadError(thrown, {});
    }
  }
}

class PayloadDecoder implements Decoder<unknown> {
  readonly #decoder: Decoder<unknown>;
  readonly #hasFields: boolean;
  readonly #payload: AnyPayloadCodec;
  #receivedBytes = 0;
  #frameIndex = 0;
  #failure: FrameError | undefined;

  constructor(decoder: Decoder<unknown>, hasFields: boolean, payload: AnyPayloadCodec) {
    this.#decoder = decoder;
    this.#hasFields = hasFields;
    this.#payload = payload;
  }

  get bufferedBytes(): number {
    return this.#decoder.bufferedBytes;
  }

  get neededBytes(): number | undefined {
    return this.#decoder.neededBytes;
  }

  get skippedBytes(): number {
    return this.#decoder.skippedBytes ?? 0;
  }

  push(chunk: BytesIn): void {
    this.#throwIfFailed();
    this.#decoder.push(chunk);
    this.#receivedBytes += chunk.length;
  }

  next(): unknown {
    this.#throwIfFailed();
    for (;;) {
      // The bytes taken so far end where this frame starts, except for the idle bytes before it.
      const taken = this.#receivedBytes - this.#decoder.bufferedBytes;
      const skippedBefore = this.skippedBytes;
      const found = this.#decoder.next();
      if (found === undefined) return undefined;
      const offset = taken + this.skippedBytes - skippedBefore;
      const { header, payload } = this.#hasFields ? (found as HeaderAndPayload<unknown>) : { header: undefined, payload: found as Bytes };
      const message = this.#decode(payload, header, offset);
      if (message !== SKIP) return this.#hasFields ? { header, payload: message } : message;
    }
  }

  #decode(payload: Bytes, header: unknown, offset: number): unknown {
    const frameIndex = this.#frameIndex++;
    try {
      const message = notLater(this.#payload.decode(payload, header));
      if (message === undefined) throw new TypeError(`decode of ${this.#payload.name} returned undefined; to skip a payload, return SKIP`);
      return message;
    } catch (thrown) {
      // Nothing that was not decoded is kept.
      this.#decoder.detach();
      this.#failure = payloadError(thrown, { offset, frameIndex, hex: hexOf(payload) });
      throw this.#failure;
    }
  }

  end(): void {
    this.#throwIfFailed();
    this.#decoder.end();
  }

  detach(): Bytes {
    this.#throwIfFailed();
    return this.#decoder.detach();
  }

  takeUndecoded(): BytesIn {
    this.#throwIfFailed();
    return handOver(this.#decoder);
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Payload codecs are synchronous: a promise would be returned as the message, and its rejection would be unhandled. */
function notLater<Value>(value: Value): Value {
  if (!(value instanceof Promise)) return value;
  ignoreLater(value);
  throw new TypeError('the payload codec returned a promise, payloads can only be read and written synchronously');
}

function payloadError(thrown: unknown, where: FrameErrorDetails): FrameError {
  const seen = thrown instanceof Error ? thrown.message : `the payload codec threw ${shown(thrown)}`;
  const code = thrown instanceof FrameError ? thrown.code : 'FRAME_ERR_PAYLOAD';
  const place = where.hex === undefined ? '' : ` (frame ${where.frameIndex} at byte ${where.offset}, payload starts with ${where.hex})`;
  const error = new FrameError(code, `${seen}${place}`, where);
  error.cause = thrown;
  return error;
}

function hexOf(payload: Bytes): string {
  return Array.from(payload.subarray(0, HEX_WINDOW_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
