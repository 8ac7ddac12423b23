import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { hostPort, codeOf } from '@socklab/service';
import { ClientError } from '../errors.ts';
import type { Socket } from 'node:dgram';

/** The server of a client. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** The numeric address of a server. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6';
}

/** The server with its numeric address. A name with both families more often means the IPv4 address. */
export async function resolveTarget({ host, port }: Target): Promise<ServerAddress> {
  const { address, family } = await lookup(host, { order: 'ipv4first' });
  return { address, port, family: family === 6 ? 'IPv6' : 'IPv4' };
}

/** Requested buffer size: what arrives while the process is busy must fit, or the client itself loses it. */
const RECV_BUFFER_BYTES = 1024 * 1024;

/**
 * Opens a connected socket: it receives only datagrams of this server, and the system reports when nothing listens there.
 * Errors without a listener are ignored.
 */
export async function openConnected({ address, port, family }: ServerAddress): Promise<Socket> {
  const socket = createSocket({
    type: family === 'IPv6' ? 'udp6' : 'udp4',
    recvBufferSize: RECV_BUFFER_BYTES,
    // The address is numeric: a resolver would cost a turn of the event loop for each socket.
    lookup: (host, _, found) => found(null, host, isIP(host)),
  });
  try {
    socket.connect(port, address);
    await once(socket, 'connect');
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket.on('error', () => undefined);
}

/** Whether the system reports that nothing listens there, after an ICMP message from the server's host. */
export function isRefusal(error: unknown): boolean {
  return codeOf(error) === 'ECONNREFUSED';
}

/** The error for a server whose host refuses datagrams. */
export function refused(target: Target, cause: unknown): ClientError {
  const server = hostPort(target.host, target.port);
  return new ClientError('CLIENT_ERR_REFUSED', `${server} refused: nothing listens on that UDP port`, { cause });
}

/** Sends one datagram on a connected socket; resolves when the system took it. */
export function sendConnected(socket: Socket, payload: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(payload, (error) => (error === null ? resolve() : reject(error)));
  });
}
