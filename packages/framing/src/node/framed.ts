import { FramedConnection } from './framed-connection.ts';
import type { Codec } from '../codec.ts';
import type { FramedOptions, FramedSocket, TwoCodecs } from './framed-socket.ts';
import type { Duplex } from 'node:stream';

/**
 * Carries the messages of `codec` over a stream of bytes, which must not be read elsewhere: a socket of `node:net` or `node:tls`, that of an HTTP
 * upgrade, a stream of `node:http2`, one end of `duplexPair()`. Closing it is the caller's, by `close()` of what this returns, or by its own means.
 *
 * @param codec - one for both ways, or `{ read, write }`.
 * @throws RangeError when the read-ahead is no whole number of bytes, or a timeout none of milliseconds. TypeError when the stream carries
 * objects or text, as after `setEncoding`.
 */
export function framed<Decoded, Encodable>(
  stream: Duplex,
  codec: Codec<Decoded, Encodable> | TwoCodecs<Decoded, Encodable>,
  options: FramedOptions = {},
): FramedSocket<Decoded, Encodable> {
  return new FramedConnection(stream, 'read' in codec ? codec : { read: codec, write: codec }, options);
}
