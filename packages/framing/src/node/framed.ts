import { FramedConnection } from './framed-connection.ts';
import type { Codec } from '../codec.ts';
import type { FramedOptions, FramedSocket } from './framed-socket.ts';
import type { Socket } from 'node:net';

/**
 * Carries the messages of `codec` over `socket`, which must not be read elsewhere. The caller closes the socket.
 *
 * @throws RangeError when the read-ahead is no whole number of bytes, or the timeout none of milliseconds. TypeError when the socket decodes
 * to text, as after `setEncoding`.
 */
export function framed<Decoded, Encodable>(
  socket: Socket,
  codec: Codec<Decoded, Encodable>,
  options: FramedOptions = {},
): FramedSocket<Decoded, Encodable> {
  return new FramedConnection(socket, codec, options);
}
