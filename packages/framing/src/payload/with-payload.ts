import { FrameError } from '../errors.ts';
import { HEX_WINDOW_BYTES } from '../limits.ts';
import type { Bytes, BytesIn, Codec, Decoder, DecoderOptions } from '../codec.ts';
import type { FrameErrorDetails } from '../errors.ts';
import type { FrameWriter } from '../writer.ts';

/**
 * What a payload means: the step after framing. It is immutable and has no state, so one value serves every connection.
 *
 * @typeParam Decoded - what payloads become; `undefined` for those that are skipped.
 * @typeParam Encodable - what can be sent.
 */
export interface PayloadCodec<Decoded, Encodable = Decoded> {
  /** The name, as it stands behind that of the framing. */
  readonly name: string;
  /**
   * Reads one whole payload; `undefined` skips it, as for heartbeats that nobody needs to see. Whatever it throws becomes a `FrameError`
   * `FRAME_ERR_PAYLOAD` that says which frame it was.
   */
  decode(payload: Bytes): Decoded;
  /** Writes one payload. Whatever it throws becomes a `FrameError` `FRAME_ERR_PAYLOAD`. */
  encode(value: Encodable): BytesIn;
}

/**
 * Puts a payload codec on a framing: frames first, meaning after, so that no cut ever falls inside a character or a value.
 *
 * ```ts
 * const codec = withPayload(lengthPrefixed({ length: u32be }), json());   // Codec<unknown>
 * codec.encode({ type: 'hello' });                                        // 00 00 00 10 7b 22 74 …
 * ```
 *
 * Errors: those of the framing, and `FRAME_ERR_PAYLOAD` for a payload that cannot be read or a value that cannot be written. Its
 * `offset` and `frameIndex` are those of the frame, `hex` shows the payload, and `cause` is what the payload codec threw. As
 * after every `FrameError` the decoder is finished: a peer whose frames are sound and whose payloads are not is broken
 * too. To go on after such a payload, decode bytes and call the payload codec yourself.
 */
export function withPayload<Decoded, Encodable = Decoded>(
  codec: Codec,
  payload: PayloadCodec<Decoded, Encodable>,
  name: string = `${codec.name}+${payload.name}`,
): Codec<Exclude<Decoded, undefined>, Encodable> {
  return new PayloadFraming(codec, payload, name);
}

class PayloadFraming<Decoded, Encodable> implements Codec<Exclude<Decoded, undefined>, Encodable> {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly #codec: Codec;
  readonly #payload: PayloadCodec<Decoded, Encodable>;

  constructor(codec: Codec, payload: PayloadCodec<Decoded, Encodable>, name: string) {
    this.name = name;
    this.maxPayloadBytes = codec.maxPayloadBytes;
    this.#codec = codec;
    this.#payload = payload;
  }

  createDecoder(options?: DecoderOptions): Decoder<Exclude<Decoded, undefined>> {
    return new PayloadDecoder(this.#codec.createDecoder(options), this.#payload);
  }

  encode(value: Encodable): Bytes {
    return this.#codec.encode(this.#bytesOf(value));
  }

  encodeInto(writer: FrameWriter, value: Encodable): void {
    this.#codec.encodeInto(writer, this.#bytesOf(value));
  }

  #bytesOf(value: Encodable): BytesIn {
    try {
      return this.#payload.encode(value);
    } catch (thrown) {
      throw payloadError(thrown, {});
    }
  }
}

class PayloadDecoder<Decoded> implements Decoder<Exclude<Decoded, undefined>> {
  readonly #decoder: Decoder;
  readonly #payload: PayloadCodec<Decoded, never>;
  #receivedBytes = 0;
  #frameIndex = 0;
  #failure: FrameError | undefined;

  constructor(decoder: Decoder, payload: PayloadCodec<Decoded, never>) {
    this.#decoder = decoder;
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

  next(): Exclude<Decoded, undefined> | undefined {
    this.#throwIfFailed();
    for (;;) {
      // What was taken so far ends where this frame starts, but for the idle bytes before it.
      const taken = this.#receivedBytes - this.#decoder.bufferedBytes;
      const skippedBefore = this.skippedBytes;
      const payload = this.#decoder.next();
      if (payload === undefined) return undefined;
      const message = this.#decode(payload, taken + this.skippedBytes - skippedBefore);
      if (message !== undefined) return message as Exclude<Decoded, undefined>;
    }
  }

  #decode(payload: Bytes, offset: number): Decoded {
    const frameIndex = this.#frameIndex++;
    try {
      return this.#payload.decode(payload);
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

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

function payloadError(thrown: unknown, where: FrameErrorDetails): FrameError {
  const seen = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof FrameError ? thrown.code : 'FRAME_ERR_PAYLOAD';
  const place = where.hex === undefined ? '' : ` (frame ${where.frameIndex} at byte ${where.offset}, payload starts with ${where.hex})`;
  const error = new FrameError(code, `${seen}${place}`, where);
  error.cause = thrown;
  return error;
}

function hexOf(payload: Bytes): string {
  return Array.from(payload.subarray(0, HEX_WINDOW_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
