import { networkInterfaces } from 'node:os';
import { ServiceError } from '@socklab/service';
import { interfaceFor, joinGroup, sendToGroup } from './group.ts';
import { eachAddress } from './local-addresses.ts';
import { openSocket } from './socket.ts';
import type { OwnEndpoint } from '../gate/admit.ts';
import type { Peer } from '../peers.ts';
import type { Group, GroupOptions } from './group.ts';
import type { OpenOptions, UdpSocket } from './socket.ts';
import type { BindOptions, Endpoint, Logger } from '@socklab/service';

/** All sockets of a service. */
export interface Listeners {
  /** Where they listen, without groups. */
  readonly endpoints: readonly string[];
  /** The same as addresses and ports; grows while the sockets open. */
  readonly own: readonly OwnEndpoint[];
  /** The size of the smallest send buffer, as the system gave it. */
  readonly sendBufferBytes: number;
  /** @throws ServiceError when one cannot be bound, or a group cannot be joined. Then close. */
  open(): Promise<void>;
  /** Calls back with the socket and the address of every group and broadcast network; returns how many there are. */
  announce(send: (socket: UdpSocket, to: Pick<Peer, 'address' | 'port'>) => void): number;
  /** Resolves when everything sent is settled, or when the signal aborts. */
  flush(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Options of {@link createListeners}. */
export interface ListenerOptions extends Pick<OpenOptions, 'onError' | 'onSettled' | 'reusePort' | 'recvBufferBytes'> {
  readonly endpoints: readonly Endpoint[];
  /** Opens one socket for each address of the machine instead of a wildcard one. */
  readonly eachInterface: boolean;
  readonly groups: readonly Group[];
  readonly groupOptions: GroupOptions;
  /** Broadcast addresses for announcements. */
  readonly broadcasts: readonly string[];
  readonly bind: BindOptions;
  readonly log: Logger;
  /** Called for each datagram, with the socket to answer from, and whether it was sent to a group. */
  readonly onDatagram: (socket: UdpSocket, payload: Uint8Array, peer: Peer, toGroup: boolean) => void;
}

/** Makes {@link Listeners}, not yet open. */
export function createListeners(options: ListenerOptions): Listeners {
  return new SocketSet(options);
}

interface Target {
  readonly socket: UdpSocket;
  readonly to: Pick<Peer, 'address' | 'port'>;
}

class SocketSet implements Listeners {
  readonly own: OwnEndpoint[] = [];
  readonly #options: ListenerOptions;
  readonly #sockets: UdpSocket[] = [];
  readonly #groupSockets: UdpSocket[] = [];
  readonly #targets: Target[] = [];
  #sendBufferBytes = Number.POSITIVE_INFINITY;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  get endpoints(): readonly string[] {
    return this.#sockets.map(({ endpoint }) => endpoint);
  }

  get sendBufferBytes(): number {
    return this.#sendBufferBytes;
  }

  async open(): Promise<void> {
    const { endpoints, eachInterface, groups, broadcasts } = this.#options;
    for (const endpoint of endpoints) {
      if (eachInterface) await this.#openEach(endpoint);
      else await this.#open(endpoint);
    }
    for (const group of groups) await this.#openGroup(group);
    for (const broadcast of broadcasts) this.#addBroadcast(broadcast);
  }

  announce(send: (socket: UdpSocket, to: Pick<Peer, 'address' | 'port'>) => void): number {
    for (const { socket, to } of this.#targets) send(socket, to);
    return this.#targets.length;
  }

  async flush(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => socket.flush(signal)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sockets, ...this.#groupSockets].map((socket) => socket.close()));
  }

  async #openEach(endpoint: Endpoint): Promise<void> {
    let port: number | undefined;
    for (const each of eachAddress(endpoint, networkInterfaces())) {
      // Port 0 means one port for all of them: the one that the first got.
      const socket = await this.#open(each.kind === 'ip' && each.port === 0 ? { ...each, port: port ?? 0 } : each);
      port = socket.own.port;
    }
  }

  async #open(endpoint: Endpoint): Promise<UdpSocket> {
    const { onDatagram, log, recvBufferBytes } = this.#options;
    const socket = await openSocket(endpoint, {
      ...this.#options,
      onDatagram: (to, payload, peer) => onDatagram(to, payload, peer, false),
    });
    this.#sockets.push(socket);
    this.own.push(socket.own);
    this.#sendBufferBytes = Math.min(this.#sendBufferBytes, socket.handle.getSendBufferSize());
    if (recvBufferBytes !== undefined) {
      log.info({ endpoint: socket.endpoint, askedBytes: recvBufferBytes, givenBytes: socket.recvBufferBytes() }, 'receive buffer');
    }
    return socket;
  }

  async #openGroup(group: Group): Promise<void> {
    const { onDatagram, groupOptions, log } = this.#options;
    const from = this.#socketOf(group.family, `--multicast ${group.address}`);
    const { address, port } = from.own;
    try {
      const through = interfaceFor(group, address, networkInterfaces());
      // Bound to the group, it receives nothing else; several listeners of a group on one machine each get a copy.
      const socket = await openSocket(
        { kind: 'ip', host: boundHost(group), port },
        { ...this.#options, reusePort: false, reuseAddr: true, onDatagram: (_, payload, peer) => onDatagram(from, payload, peer, true) },
      );
      this.#groupSockets.push(socket);
      joinGroup(socket, group, through);
      sendToGroup(from, through, groupOptions);
      this.#targets.push({ socket: from, to: { address: group.address, port } });
      log.info({ group: group.address, port, through: through ?? 'the system chooses' }, 'group joined');
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ServiceError('SERVICE_ERR_LISTEN', `cannot join the group ${group.address}: ${reason}`, { cause: error });
    }
  }

  #addBroadcast(address: string): void {
    const socket = this.#socketOf('IPv4', `--broadcast ${address}`);
    socket.handle.setBroadcast(true);
    this.#targets.push({ socket, to: { address, port: socket.own.port } });
  }

  #socketOf(family: Group['family'], flag: string): UdpSocket {
    const found = this.#sockets.find((socket) => socket.family === family);
    if (found !== undefined) return found;
    throw new ServiceError('SERVICE_ERR_USAGE', `${flag} needs an ${family} endpoint: add one with --listen`);
  }
}

/** A link-local IPv6 group is bound on one interface. */
function boundHost({ address, family, on }: Group): string {
  return family === 'IPv6' && on !== undefined ? `${address}%${on}` : address;
}
