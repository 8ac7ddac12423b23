/** Framing on Node's sockets and streams: messages in, messages out, with backpressure in both directions. */

export { decoderStream } from './node/decoder-stream.ts';
export type { DecoderStreamOptions } from './node/decoder-stream.ts';
export { encoderStream } from './node/encoder-stream.ts';
export { framed } from './node/framed.ts';
export type { FramedOptions, FramedSocket, TwoCodecs } from './node/framed-socket.ts';
export { readFraming } from './node/read-framing.ts';
