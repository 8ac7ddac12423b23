import type { ByteCodec } from '@socklab/framing';

/** The same codec, whose decoders report after each step how many bytes they hold. */
export function chargedCodec(codec: ByteCodec, holds: (bufferedBytes: number) => void): ByteCodec {
  return {
    name: codec.name,
    maxPayloadBytes: codec.maxPayloadBytes,
    encode: (payload) => codec.encode(payload),
    encodeInto: (writer, payload) => codec.encodeInto(writer, payload),
    createDecoder(options) {
      const decoder = codec.createDecoder(options);
      const push = decoder.push.bind(decoder);
      const next = decoder.next.bind(decoder);
      decoder.push = (chunk) => {
        push(chunk);
        holds(decoder.bufferedBytes);
      };
      decoder.next = () => {
        const payload = next();
        holds(decoder.bufferedBytes);
        return payload;
      };
      return decoder;
    },
  };
}
