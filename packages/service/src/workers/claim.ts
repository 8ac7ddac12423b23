import { createSocket } from 'node:dgram';
import * as net from 'node:net';
import { formatEndpoint, parseEndpoint } from '../base/endpoint.ts';
import { ServiceError } from '../base/exit.ts';
import { bindUdp, udpType } from '../listen/bind.ts';
import { listenTcp } from '../listen/listen.ts';
import type { Endpoint, Transport } from '../base/endpoint.ts';
import type { ServiceContext, WorkersOptions } from '../service.ts';

type IpEndpoint = Extract<Endpoint, { kind: 'ip' }>;

/** Ports claimed for the workers to share. */
export interface Claim {
  /** As the workers listen on them: addresses and ports, no name and no port 0. */
  readonly endpoints: readonly Endpoint[];
  /** Call once every worker listens: the ports are theirs from then on. */
  handOver(): void;
  /** Releases what was not handed over. */
  release(): void;
}

/**
 * Makes sure that the ports are free, unless they may be shared with others anyway, and that the system gives them to
 * no other process before the workers listen. Nothing sent to them meanwhile is answered.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` for an endpoint that is no port, `SERVICE_ERR_UNSUPPORTED` where ports cannot
 * be shared, and those of `listenTcp` and `bindUdp`.
 */
export async function claimPorts(
  { endpoints, transport, count, listen = {} }: WorkersOptions,
  context: Pick<ServiceContext, 'log' | 'signal'>,
): Promise<Claim> {
  const wanted = endpoints.map((endpoint) => sharable(endpoint, transport, count));
  await checkPlatform(count);
  const claimed: IpEndpoint[] = [];
  const holds: Hold[] = [];
  const letGo = (which: readonly Hold[]): void => {
    for (const each of which) each.close();
  };
  try {
    for (const endpoint of wanted) {
      const isOthersToo = listen.reusePort === true && endpoint.port !== 0;
      const actual = isOthersToo ? endpoint : await takeAndLeave(endpoint, transport, { ...listen, ...context });
      claimed.push(actual);
      if (!isOthersToo) holds.push(...(await hold(actual, transport)));
    }
  } catch (error) {
    letGo(holds);
    throw error;
  }
  return {
    endpoints: claimed,
    handOver: () => letGo(holds.filter(({ isInTheWay }) => isInTheWay)),
    release: () => letGo(holds),
  };
}

function sharable(endpoint: Endpoint, transport: Transport, count: number): IpEndpoint {
  if (endpoint.kind === 'ip') return endpoint;
  const where = formatEndpoint(endpoint, transport);
  throw new ServiceError('SERVICE_ERR_USAGE', `${where}: ${count} workers can only share a port, as in ${transport}://127.0.0.1:9000`);
}

async function checkPlatform(count: number): Promise<void> {
  const server = net.createServer();
  try {
    await listenTcp(server, { kind: 'ip', host: '127.0.0.1', port: 0 }, { reusePort: true });
  } catch (cause) {
    // Any other error is clearer when it comes from the wanted ports.
    if (!(cause instanceof ServiceError) || cause.code !== 'SERVICE_ERR_UNSUPPORTED') return;
    const message = `${count} workers cannot listen here: this platform cannot share a port between processes; that needs Linux 3.9, FreeBSD 12, DragonFly BSD 3.6, Solaris 11.4 or AIX 7.2.5`;
    throw new ServiceError('SERVICE_ERR_UNSUPPORTED', message, { cause });
  } finally {
    server.close();
  }
}

/** Binds exclusively for a moment: any other holder is detected, sharing or not, and port 0 becomes a port. */
async function takeAndLeave(
  endpoint: IpEndpoint,
  transport: Transport,
  listen: NonNullable<WorkersOptions['listen']>,
): Promise<IpEndpoint> {
  const { reusePort: _shared, ...alone } = listen;
  if (transport === 'udp') {
    const socket = createSocket(udpType(endpoint));
    try {
      return asIp(await bindUdp(socket, endpoint, alone), transport);
    } finally {
      socket.close();
    }
  }
  const server = net.createServer((socket) => socket.destroy());
  const actual = await listenTcp(server, endpoint, alone);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return asIp(actual, transport);
}

function asIp(where: string, transport: Transport): IpEndpoint {
  const endpoint = parseEndpoint(where, transport);
  if (endpoint.kind !== 'ip') throw new TypeError(`${where} is not an address`);
  return endpoint;
}

/** A socket that holds a port. */
interface Hold {
  close(): void;
  /** Whether it receives what is sent to the port, once others share it. */
  readonly isInTheWay: boolean;
}

/**
 * A bound TCP socket that never listens gets no connections, so it can stay: as long as it exists, the system gives
 * the port to no process that asks for any port, even when no worker listens. A UDP socket receives its share of the
 * datagrams.
 */
async function hold({ host, port }: IpEndpoint, transport: Transport): Promise<Hold[]> {
  if (transport === 'udp') {
    const socket = createSocket({ type: net.isIPv6(host) ? 'udp6' : 'udp4', reusePort: true });
    await bindUdp(socket, { kind: 'ip', host, port });
    return [once(() => socket.close(), true)];
  }
  // From Node.js 26.4 on. Without it the port is free until the first worker listens.
  if (typeof net.BoundSocket !== 'function') return [];
  const socket = new net.BoundSocket({ host, port, reusePort: true });
  return [once(() => socket.close(), false)];
}

function once(close: () => void, isInTheWay: boolean): Hold {
  let isOpen = true;
  return {
    isInTheWay,
    close() {
      if (isOpen) close();
      isOpen = false;
    },
  };
}
