import { described } from '../described.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';
import type { FrameWriter } from '../writer.ts';

/** `codec` under another name: several protocols use the same wire format. */
export function named(name: string, codec: ByteCodec): ByteCodec {
  if (codec.name === name) return codec;
  return described(new NamedCodec(name, codec), () => ({ renamed: codec, name }));
}

class NamedCodec implements ByteCodec {
  readonly name: string;
  readonly maxPayloadBytes: number;
  readonly #codec: ByteCodec;

  constructor(name: string, codec: ByteCodec) {
    this.name = name;
    this.maxPayloadBytes = codec.maxPayloadBytes;
    this.#codec = codec;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return this.#codec.createDecoder(options);
  }

  encode(payload: BytesIn): Bytes {
    return this.#codec.encode(payload);
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    this.#codec.encodeInto(writer, payload);
  }
}
