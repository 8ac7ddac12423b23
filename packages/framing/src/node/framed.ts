import { FramedConnection } from './framed-connection.ts';
import type { Codec } from '../codec.ts';
import type { FramedOptions, FramedSocket, TwoCodecs } from './framed-socket.ts';
import type { Duplex } from 'node:stream';

/**
 * Carries the messages of `codec` over a stream of bytes, which must not be read elsewhere: a socket of `node:net` or `node:tls`, that of an
 * HTTP upgrade, a stream of `node:http2`, one end of `duplexPair()`. The caller closes it, by `close()` of the result or directly.
 *
 * @param codec - one for both directions, or `{ read, write }`.
 * @throws RangeError when the read-ahead is not a whole number of bytes, or a timeout not one of milliseconds. TypeError when the
 * stream carries objects or text, as after `setEncoding`.
 */
export function framed<Decoded, Encodable>(
  stream: Duplex,
  codec: Codec<Decoded, Encodable> | TwoCodecs<Decoded, Encodable>,
  options: FramedOptions = {},
): FramedSocket<Decoded, Encodable> {
  return new FramedConnection(stream, 'read' in codec ? codec : { read: codec, write: codec }, options);
}
