import { checkBatch } from '../check-bytes.ts';
import { createFrameWriter } from '../writer.ts';
import { Arriving } from './arriving.ts';
import type { Bytes, Codec } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';
import type { MessageSource } from './message-iterator.ts';

/** The frames of payloads that come from an asynchronous source. */
export class ArrivingFrames<Encodable> extends Arriving<Encodable> implements MessageSource<Bytes> {
  readonly #codec: Codec<unknown, Encodable>;
  #frame: Bytes | undefined;

  constructor(codec: Codec<unknown, Encodable>, payloads: AsyncIterable<Encodable>) {
    super(payloads);
    this.#codec = codec;
  }

  take(): Bytes | undefined {
    const frame = this.#frame;
    this.#frame = undefined;
    return frame;
  }

  protected override open(payload: Encodable): void {
    this.#frame = this.#codec.encode(payload);
  }
}

/** The frames of arrays of payloads that come from an asynchronous source, those of an array in one buffer. */
export class ArrivingFrameBatches<Encodable> extends Arriving<readonly Encodable[]> implements MessageSource<Bytes> {
  readonly #codec: Codec<unknown, Encodable>;
  readonly #writer: FrameWriter = createFrameWriter();

  constructor(codec: Codec<unknown, Encodable>, batches: AsyncIterable<readonly Encodable[]>) {
    super(batches);
    this.#codec = codec;
  }

  take(): Bytes | undefined {
    return this.#writer.length === 0 ? undefined : this.#writer.take();
  }

  protected override open(batch: readonly Encodable[]): void {
    checkBatch(batch);
    for (const payload of batch) this.#codec.encodeInto(this.#writer, payload);
  }
}
