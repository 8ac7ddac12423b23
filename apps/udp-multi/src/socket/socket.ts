import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { bindUdp, formatEndpoint, ServiceError, udpType } from '@socklab/service';
import { inheritedType } from './inherited.ts';
import { createQuickSend } from './quick-send.ts';
import type { OwnEndpoint } from '../gate/admit.ts';
import type { Peer } from '../peers.ts';
import type { QuickSend } from './quick-send.ts';
import type { BindOptions, Endpoint } from '@socklab/service';
import type { Socket, SocketOptions } from 'node:dgram';

/** Called when the system took a datagram, with its length, or refused it. */
export type Settled = (error: Error | null, bytes: number) => void;

/** A bound UDP socket. */
export interface UdpSocket {
  /** Where it listens, as `udp://127.0.0.1:9000`. */
  readonly endpoint: string;
  readonly own: OwnEndpoint;
  readonly family: 'IPv4' | 'IPv6';
  /**
   * Sends one datagram; `settled` (by default the one of the socket's options) is called once the system took or refused it.
   *
   * @returns false, with nothing sent and no callback, when too many are pending.
   */
  send(payload: Uint8Array, peer: Pick<Peer, 'address' | 'port'>, settled?: Settled): boolean;
  /** The same for one of many copies of a datagram: only those that the system could not take at once count as pending. */
  sendCopy(payload: Uint8Array, peer: Pick<Peer, 'address' | 'port'>, settled: Settled): boolean;
  /** Whether a datagram waits because the system's send buffer is full. */
  isCongested(): boolean;
  /** The size of the receive buffer that the system gave, in bytes. */
  recvBufferBytes(): number;
  /** The node:dgram socket, for its multicast and broadcast options. */
  readonly handle: Socket;
  /** Resolves when everything sent is settled, or when the signal aborts. */
  flush(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Options of {@link openSocket}. */
export interface OpenOptions {
  /** Shares the port with other processes that do the same. */
  readonly reusePort: boolean;
  /** Shares the address with other sockets: for multicast groups, where each of them gets a copy. @defaultValue false */
  readonly reuseAddr?: boolean;
  /** Size to request from the system, in bytes. @defaultValue the system's own */
  readonly recvBufferBytes?: number | undefined;
  /** Sends with the public API of node:dgram only: see `createQuickSend`. @defaultValue false */
  readonly isPublicOnly?: boolean;
  /** Options of binding: see `bindUdp`. */
  readonly bind?: BindOptions;
  /** Called for each datagram; the receiver may keep the payload. */
  readonly onDatagram: (socket: UdpSocket, payload: Uint8Array, peer: Peer) => void;
  /** Called for errors that belong to no datagram of ours. The socket goes on. */
  readonly onError: (error: Error) => void;
  /** The callback of datagrams that were sent without a `settled` of their own. */
  readonly onSettled?: Settled;
}

/** Most pending datagrams. At the longest payload these are 64 MiB. */
const MAX_IN_FLIGHT = 1024;

/** Requested size, in bytes; a system that allows less gives less. Answers to unresolved addresses wait in it. */
const SEND_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * Opens and binds a UDP socket.
 *
 * @throws ServiceError as `bindUdp`, and `SERVICE_ERR_LISTEN` for an inherited descriptor that cannot be used.
 */
export async function openSocket(endpoint: Endpoint, options: OpenOptions): Promise<UdpSocket> {
  const type = endpoint.kind === 'fd' ? inheritedType(endpoint.fd) : udpType(endpoint);
  const opened = new BoundSocket(type, options);
  try {
    opened.endpoint = await bindUdp(opened.handle, endpoint, options.bind);
    askForBuffer(opened.handle, options.recvBufferBytes);
    opened.handle.setSendBufferSize(SEND_BUFFER_BYTES);
    checkInherited(opened.handle, endpoint, type);
  } catch (error) {
    opened.handle.close();
    throw error;
  }
  opened.bound(options);
  return opened;
}

class BoundSocket implements UdpSocket {
  endpoint = '';
  readonly handle: Socket;
  readonly family: 'IPv4' | 'IPv6';
  readonly #onSettled: Settled;
  /** One function for all: a closure for each datagram would be its most expensive part. */
  readonly #settle: Settled;
  /** The same for copies, which nearly always have the same `settled`. */
  #copySettled: Settled = () => undefined;
  #settleCopy: Settled = this.#settleWith(this.#copySettled);
  #isBound = false;
  #quickSend: QuickSend | undefined;
  #inFlight = 0;
  #flushed: (() => void) | undefined;

  constructor(type: 'udp4' | 'udp6', { reusePort, reuseAddr = false, onDatagram, onSettled = () => undefined }: OpenOptions) {
    this.family = type === 'udp6' ? 'IPv6' : 'IPv4';
    const family = type === 'udp6' ? 6 : 4;
    const numericAtOnce: NonNullable<SocketOptions['lookup']> = (host, options, found) => {
      // Peer addresses are numeric: the system's resolver would only cost an extra turn of the event loop.
      if (this.#isBound) found(null, host, family);
      else lookupAtOnce(host, options, found);
    };
    this.handle = createSocket({ type, reusePort, reuseAddr, lookup: numericAtOnce });
    this.#onSettled = onSettled;
    this.#settle = (error, bytes) => {
      this.#inFlight -= 1;
      this.#onSettled(error, bytes);
      if (this.#inFlight === 0) this.#flushed?.();
    };
    this.handle.on('message', (payload, peer) => onDatagram(this, payload, peer));
  }

  get own(): OwnEndpoint {
    return this.handle.address();
  }

  /** Not before: an error of binding is the caller's. */
  bound({ onError, isPublicOnly = false }: OpenOptions): void {
    this.#isBound = true;
    if (!isPublicOnly) this.#quickSend = createQuickSend(this.handle, this.family === 'IPv6' ? 'send6' : 'send');
    this.handle.on('error', onError);
  }

  send(payload: Uint8Array, { port, address }: Pick<Peer, 'address' | 'port'>, settled?: Settled): boolean {
    if (this.#inFlight >= MAX_IN_FLIGHT) return false;
    if (settled === undefined && this.#sendNow(payload, port, address, this.#onSettled, this.#settle)) return true;
    this.#inFlight += 1;
    this.handle.send(payload, port, address, settled === undefined ? this.#settle : this.#settleWith(settled));
    return true;
  }

  sendCopy(payload: Uint8Array, { port, address }: Pick<Peer, 'address' | 'port'>, settled: Settled): boolean {
    if (this.#inFlight >= MAX_IN_FLIGHT && this.handle.getSendQueueCount() >= MAX_IN_FLIGHT) return false;
    if (settled !== this.#copySettled) {
      this.#copySettled = settled;
      this.#settleCopy = this.#settleWith(settled);
    }
    if (this.#sendNow(payload, port, address, settled, this.#settleCopy)) return true;
    this.#inFlight += 1;
    this.handle.send(payload, port, address, this.#settleCopy);
    return true;
  }

  isCongested(): boolean {
    return this.#inFlight > 0 && this.handle.getSendQueueCount() > 0;
  }

  recvBufferBytes(): number {
    return this.handle.getRecvBufferSize();
  }

  async flush(signal: AbortSignal): Promise<void> {
    if (this.#inFlight === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#flushed = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.handle.close(resolve));
  }

  /** False when it has to be sent through the public API. */
  #sendNow(payload: Uint8Array, port: number, address: string, settled: Settled, later: Settled): boolean {
    const outcome = this.#quickSend?.(payload, port, address, later) ?? 'not-sent';
    if (outcome === 'sent') settled(null, payload.length);
    if (outcome === 'queued') this.#inFlight += 1;
    return outcome !== 'not-sent';
  }

  #settleWith(settled: Settled): Settled {
    return (error, bytes) => {
      this.#inFlight -= 1;
      settled(error, bytes);
      if (this.#inFlight === 0) this.#flushed?.();
    };
  }
}

/** Systems with a lower limit give what they have, or refuse. */
function askForBuffer(socket: Socket, bytes: number | undefined): void {
  if (bytes === undefined) return;
  try {
    socket.setRecvBufferSize(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServiceError('SERVICE_ERR_LISTEN', `no receive buffer of ${bytes} bytes: ${reason}; ask for less`, { cause: error });
  }
}

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
      `cannot listen on ${where}: an inherited IPv6 socket can be distinguished from IPv4 on Linux only; use udp://[::1]:PORT`,
    );
  }
}
