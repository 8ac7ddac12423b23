import { checkPayload } from '../../check-bytes.ts';
import { TypedFragmentsDecoder } from './typed-fragments-decoder.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { FrameWriter } from '../../writer.ts';
import type { TypedFragments } from './typed-fragments-decoder.ts';

/** A codec of fragments that tell what they are. `wrap` makes the fragments of a payload. */
export function typedFragments(rule: TypedFragments, wrap: (payload: BytesIn) => Bytes): ByteCodec {
  return new TypedFragmentsCodec(rule, wrap);
}

class TypedFragmentsCodec implements ByteCodec {
  readonly name = 'fragments';
  readonly maxPayloadBytes: number;
  readonly #rule: TypedFragments;
  readonly #wrap: (payload: BytesIn) => Bytes;

  constructor(rule: TypedFragments, wrap: (payload: BytesIn) => Bytes) {
    this.maxPayloadBytes = rule.maxPayloadBytes;
    this.#rule = rule;
    this.#wrap = wrap;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return new TypedFragmentsDecoder(this.#rule, options);
  }

  encode(payload: BytesIn): Bytes {
    checkPayload(payload, this.maxPayloadBytes);
    return this.#wrap(payload);
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    const frames = this.encode(payload);
    const offset = writer.reserve(frames.length);
    writer.bytes.set(frames, offset);
  }
}
