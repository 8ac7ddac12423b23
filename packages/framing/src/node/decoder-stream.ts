import { FrameError } from '../errors.ts';
import { OrderedTransform } from './ordered-transform.ts';
import type { Codec, Decoder, DecoderOptions } from '../codec.ts';
import type { Transform, TransformCallback } from 'node:stream';

/** Options of {@link decoderStream}. */
export interface DecoderStreamOptions extends DecoderOptions {
  /** How many decoded payloads may wait for the reader. @defaultValue 16, as Node's object streams */
  readonly readAheadFrames?: number;
}

/**
 * A Transform: chunks in, payloads out, one object each, so that no reader can glue two of them or miss an empty one.
 *
 * It decodes no further than the reader reads, also inside one chunk, which may hold thousands of frames. A
 * `FrameError` destroys it, once the payloads before the fault were read; so does a stream that ends inside a frame.
 *
 * @throws RangeError when `readAheadFrames` is not a whole number from 1 on.
 */
export function decoderStream<Decoded>(codec: Codec<Decoded, never>, options: DecoderStreamOptions = {}): Transform {
  const { readAheadFrames, ...decoderOptions } = options;
  if (readAheadFrames !== undefined && (!Number.isSafeInteger(readAheadFrames) || readAheadFrames < 1)) {
    throw new RangeError(`readAheadFrames is ${readAheadFrames}; allowed: whole numbers from 1`);
  }
  return new DecoderStream(codec.createDecoder(decoderOptions), readAheadFrames);
}

class DecoderStream<Decoded> extends OrderedTransform {
  readonly #decoder: Decoder<Decoded>;

  constructor(decoder: Decoder<Decoded>, readAheadFrames: number | undefined) {
    // A string is not bytes: decoding to text cannot be undone.
    super({
      decodeStrings: false,
      readableObjectMode: true,
      ...(readAheadFrames === undefined ? {} : { readableHighWaterMark: readAheadFrames }),
    });
    this.#decoder = decoder;
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#decode(() => this.#decoder.push(chunk), callback);
  }

  override _flush(callback: TransformCallback): void {
    this.#decode(() => this.#decoder.end(), callback);
  }

  /** Takes a step, then pushes the payloads that it completed. */
  #decode(step: () => void, callback: TransformCallback): void {
    try {
      step();
      this.#handOut(callback);
    } catch (error) {
      this.failInOrder(error, callback);
    }
  }

  #handOut(callback: TransformCallback): void {
    for (let payload = this.#decoder.next(); payload !== undefined; payload = this.#decoder.next()) {
      // For a stream, null means its end.
      if (payload === null) throw new FrameError('FRAME_ERR_PAYLOAD', 'a Node stream cannot carry null: read with decode() or framed()');
      if (this.push(payload)) continue;
      this.whenWanted(() => this.#decode(() => {}, callback));
      return;
    }
    callback();
  }
}
