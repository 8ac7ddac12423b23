import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Endpoint } from './endpoint.ts';
import { formatEndpoint } from './endpoint.ts';
import { ServiceError } from './exit.ts';
import { listenError } from './listen-error.ts';
import type { Logger } from './logger.ts';
import { untilListening } from './until-listening.ts';

/** Options of {@link bindUdp}. */
export interface BindOptions {
  readonly log?: Logger;
  /** The option that chose the endpoint, named in errors. @defaultValue `'--listen'` */
  readonly flag?: string;
}

/** The type `dgram.createSocket` needs for an endpoint: an IPv6 address needs `udp6`, everything else is `udp4`. */
export function udpType(endpoint: Endpoint): 'udp4' | 'udp6' {
  return endpoint.kind === 'ip' && isIPv6(endpoint.host) ? 'udp6' : 'udp4';
}

/**
 * Binds a UDP socket to an endpoint and resolves once datagrams arrive. To share a port, create the socket with
 * `reusePort`.
 *
 * @returns The endpoint as it is, with the port the system chose for port 0.
 * @throws ServiceError `SERVICE_ERR_ADDRESS_IN_USE`, `SERVICE_ERR_LISTEN` or `SERVICE_ERR_UNSUPPORTED`.
 */
export async function bindUdp(socket: Socket, endpoint: Endpoint, { flag = '--listen' }: BindOptions = {}): Promise<string> {
  if (endpoint.kind === 'unix' || endpoint.kind === 'abstract') {
    const where = formatEndpoint(endpoint, 'udp');
    throw new ServiceError('SERVICE_ERR_UNSUPPORTED', `${where}: Node.js has no AF_UNIX datagram sockets; use udp://127.0.0.1:PORT`);
  }
  try {
    await untilListening(socket, () => {
      if (endpoint.kind === 'fd') socket.bind({ fd: endpoint.fd });
      else socket.bind({ address: endpoint.host, port: endpoint.port });
    });
  } catch (error) {
    throw await listenError(error, { endpoint, transport: 'udp', flag });
  }
  const { address, port } = socket.address();
  return formatEndpoint({ kind: 'ip', host: address, port }, 'udp');
}
