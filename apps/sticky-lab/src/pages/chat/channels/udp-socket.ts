import { isIP } from 'node:net';
import { openConnected } from '@socklab/client';
import { hostPort } from '@socklab/service';
import { explain } from './failure.ts';
import type { ChatChannelOptions } from './channel.ts';
import type { Socket } from 'node:dgram';

/**
 * Opens a socket that only receives from the peer, and that reports when nothing listens there. Nothing was sent yet:
 * UDP does not connect.
 *
 * @throws ChatFailure when the peer is unreachable.
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
