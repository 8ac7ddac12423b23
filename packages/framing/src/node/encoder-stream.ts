import { createFrameWriter } from '../writer.ts';
import { OrderedTransform } from './ordered-transform.ts';
import type { Codec } from '../codec.ts';
import type { Transform, TransformCallback } from 'node:stream';

/** Encoded bytes that are pushed before the end of the turn: enough to fill a few packets. */
const SLAB_BYTES = 16_384;

/**
 * A Transform: payloads in, one object each, frames out. Payloads written in one turn are joined into chunks of up to
 * 16 KiB: many small writes cost one.
 *
 * A payload that could not be read back destroys it with a `FrameError`, once the frames before it were read.
 */
export function encoderStream<Encodable>(codec: Codec<unknown, Encodable>): Transform {
  return new EncoderStream(codec);
}

class EncoderStream<Encodable> extends OrderedTransform {
  readonly #codec: Codec<unknown, Encodable>;
  readonly #writer = createFrameWriter({ slabBytes: SLAB_BYTES });

  constructor(codec: Codec<unknown, Encodable>) {
    super({ writableObjectMode: true });
    this.#codec = codec;
  }

  override _transform(payload: Encodable, _encoding: BufferEncoding, callback: TransformCallback): void {
    const wholeBytes = this.#writer.length;
    try {
      // What this turn wrote is pushed at its end.
      if (this.#writer.length === 0) process.nextTick(() => this.#pushSlab());
      this.#codec.encodeInto(this.#writer, payload);
    } catch (error) {
      // Without the partial frame of a codec that threw.
      this.#pushSlab(wholeBytes);
      this.failInOrder(error, callback);
      return;
    }
    if (this.#writer.length >= SLAB_BYTES) this.#pushSlab();
    if (this.readableLength < this.readableHighWaterMark) callback();
    else this.whenWanted(callback);
  }

  override _flush(callback: TransformCallback): void {
    this.#pushSlab();
    callback();
  }

  #pushSlab(byteLength: number = this.#writer.length): void {
    if (this.#writer.length === 0 || this.destroyed) return;
    const frames = this.#writer.take();
    if (byteLength > 0) this.push(frames.subarray(0, byteLength));
  }
}
