import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { bindUdp, formatEndpoint, ServiceError, udpType } from '@socklab/service';
import { inheritedType } from './inherited.ts';
import type { Socket, SocketOptions } from 'node:dgram';
import type { Endpoint } from '@socklab/service';
import type { OwnEndpoint } from './admit.ts';
import type { Peer } from './peers.ts';

/** A bound UDP socket. */
export interface UdpSocket {
  /** Where it listens, as `udp://127.0.0.1:9000`. */
  readonly endpoint: string;
  readonly own: OwnEndpoint;
  /**
   * Sends one datagram; `settled` is called once the system took it, or refused it.
   *
   * @returns false, with nothing sent and nothing to be called, when too many are on their way already.
   */
  send(payload: Uint8Array, peer: Peer, settled: (error: Error | null) => void): boolean;
  /** Resolves when all that was sent is settled, or when the signal aborts. */
  flush(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Options of {@link openSocket}. */
export interface OpenOptions {
  /** Shares the port with other processes that do the same. */
  readonly reusePort: boolean;
  /** Takes each datagram; the payload is the receiver's to keep. */
  readonly onDatagram: (socket: UdpSocket, payload: Uint8Array, peer: Peer) => void;
  /** Hears of errors that belong to no datagram of ours. The socket goes on. */
  readonly onError: (error: Error) => void;
}

/** Datagrams on their way to the system at a time. At the longest payload these are 64 MiB. */
const MAX_IN_FLIGHT = 1024;

/**
 * Opens and binds a UDP socket.
 *
 * @throws ServiceError as `bindUdp`, and `SERVICE_ERR_LISTEN` for an inherited descriptor that cannot be used.
 */
export async function openSocket(endpoint: Endpoint, options: OpenOptions): Promise<UdpSocket> {
  const type = endpoint.kind === 'fd' ? await inheritedType(endpoint.fd) : udpType(endpoint);
  const socket = createSocket({ type, reusePort: options.reusePort, lookup: lookupAtOnce });
  const opened = new BoundSocket(socket, options);
  try {
    opened.endpoint = await bindUdp(socket, endpoint);
    checkInherited(socket, endpoint, type);
  } catch (error) {
    socket.close();
    throw error;
  }
  // Not before: an error of binding is the caller's.
  socket.on('error', options.onError);
  return opened;
}

class BoundSocket implements UdpSocket {
  endpoint = '';
  readonly #socket: Socket;
  #inFlight = 0;
  #flushed: (() => void) | undefined;

  constructor(socket: Socket, { onDatagram }: OpenOptions) {
    this.#socket = socket;
    socket.on('message', (payload, peer) => onDatagram(this, payload, peer));
  }

  get own(): OwnEndpoint {
    return this.#socket.address();
  }

  send(payload: Uint8Array, { port, address }: Peer, settled: (error: Error | null) => void): boolean {
    if (this.#inFlight >= MAX_IN_FLIGHT) return false;
    this.#inFlight += 1;
    this.#socket.send(payload, port, address, (error) => {
      this.#inFlight -= 1;
      settled(error);
      if (this.#inFlight === 0) this.#flushed?.();
    });
    return true;
  }

  async flush(signal: AbortSignal): Promise<void> {
    if (this.#inFlight === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#flushed = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(resolve));
  }
}

/** A peer's address is numeric already: the system's resolver would only cost an extra turn of the event loop. */
const lookupAtOnce: NonNullable<SocketOptions['lookup']> = (host, options, found) => {
  const family = isIP(host);
  if (family === 0) lookup(host, options, found);
  else found(null, host, family);
};

function checkInherited(socket: Socket, endpoint: Endpoint, type: 'udp4' | 'udp6'): void {
  if (endpoint.kind !== 'fd') return;
  const { port, family } = socket.address();
  const where = formatEndpoint(endpoint, 'udp');
  if (port === 0) {
    throw new ServiceError('SERVICE_ERR_LISTEN', `cannot listen on ${where}: the socket is not bound to a port`);
  }
  if (family === 'IPv6' && type === 'udp4') {
    throw new ServiceError(
      'SERVICE_ERR_LISTEN',
      `cannot listen on ${where}: an inherited IPv6 socket can be told from IPv4 on Linux only; use udp://[::1]:PORT`,
    );
  }
}
