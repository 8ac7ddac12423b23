import { isIP } from 'node:net';
import { openConnected } from '@socklab/client';
import { hostPort } from '@socklab/service';
import { explain } from './failure.ts';
import type { ChatChannelOptions } from './channel.ts';
import type { Socket } from 'node:dgram';

/**
 * Opens a socket that only hears the peer, and hears from the system when nothing listens there. Nothing was sent yet: UDP
 * does not connect.
 *
 * @throws ChatFailure when there is no way to the peer.
 */
export async function openUdpSocket({ host, port, address, listener }: ChatChannelOptions): Promise<Socket> {
  const server = { address: host, port, family: isIP(host) === 6 ? 'IPv6' : 'IPv4' } as const;
  const socket = await openConnected(server).catch((error: unknown) => {
    throw explain(error, address);
  });
  const local = socket.address();
  listener.connected(hostPort(local.address, local.port), hostPort(host, port));
  return socket;
}
