import { isIPv6 } from 'node:net';
import { formatEndpoint } from '../base/endpoint.ts';
import { ServiceError } from '../base/exit.ts';
import { listenError, unresolved } from './listen-error.ts';
import { listenDespiteBusy } from './port-busy.ts';
import { untilListening } from './until-listening.ts';
import type { Endpoint } from '../base/endpoint.ts';
import type { BusyOptions } from './port-busy.ts';
import type { BindOptions as NodeBindOptions, Socket } from 'node:dgram';

/** Options of {@link bindUdp}. */
export interface BindOptions extends BusyOptions {
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
 * @returns The bound endpoint, with the port that the system chose for port 0.
 * @throws ServiceError `SERVICE_ERR_ADDRESS_IN_USE`, `SERVICE_ERR_LISTEN`, `SERVICE_ERR_UNSUPPORTED` or `SERVICE_ERR_USAGE`;
 * AbortError when the signal aborts before it is bound.
 */
export async function bindUdp(socket: Socket, endpoint: Endpoint, options: BindOptions = {}): Promise<string> {
  const { flag = '--listen' } = options;
  const listenOnce = async (where: Endpoint): Promise<string> => {
    await untilListening(socket, () => void socket.bind(nodeOptions(where)));
    const { address, port } = socket.address();
    return formatEndpoint({ kind: 'ip', host: address, port }, 'udp');
  };
  const explain = (error: unknown, where: Endpoint) => listenError(error, { endpoint: where, transport: 'udp', flag });
  return listenDespiteBusy({ endpoint, transport: 'udp', listenOnce, explain }, options);
}

function nodeOptions(endpoint: Endpoint): NodeBindOptions {
  if (endpoint.kind === 'ip') return { address: endpoint.host, port: endpoint.port };
  if (endpoint.kind === 'fd') return { fd: endpoint.fd };
  if (endpoint.kind === 'systemd') throw unresolved(endpoint);
  const where = formatEndpoint(endpoint, 'udp');
  throw new ServiceError('SERVICE_ERR_UNSUPPORTED', `${where}: Node.js has no AF_UNIX datagram sockets; use udp://127.0.0.1:PORT`);
}
