import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { explain } from './failure.ts';
import { hostPort } from './wire.ts';
import type { LineOptions } from './line.ts';

/**
 * Opens a socket that only hears the peer, and hears from the system when nothing listens there. Nothing was sent yet: UDP
 * does not connect.
 *
 * @throws ChatFailure when there is no way to the peer.
 */
export async function openUdpSocket({ host, port, address, listener }: LineOptions): Promise<Socket> {
  const socket = createSocket({
    type: isIP(host) === 6 ? 'udp6' : 'udp4',
    // The address is numeric.
    lookup: (name, _, found) => found(null, name, isIP(name)),
  });
  try {
    socket.connect(port, host);
    await once(socket, 'connect');
  } catch (error) {
    socket.close();
    throw explain(error, address);
  }
  const local = socket.address();
  listener.connected(hostPort(local.address, local.port), hostPort(host, port));
  return socket;
}

/** Closes, once what was sent has left. */
export function closeUdpSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(resolve));
}
