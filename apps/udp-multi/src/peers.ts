import { hostPort } from '@socklab/service';

/** The source of a datagram. Shaped like the `rinfo` of node:dgram, so that no other object is made for each datagram. */
export interface Peer {
  /** Numeric address; a link-local IPv6 address has its zone, such as `fe80::1%eth0`. */
  readonly address: string;
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6';
}

/** Formats a peer as Python shows the address of `recvfrom`: `('127.0.0.1', 59120)`. */
export function formatPeer({ address, port }: Pick<Peer, 'address' | 'port'>): string {
  return `('${address}', ${port})`;
}

/** Formats a peer as `HOST:PORT`, for commands and the log: `127.0.0.1:59120`, `[::1]:59120`. */
export function peerName({ address, port }: Pick<Peer, 'address' | 'port'>): string {
  return hostPort(address, port);
}

/** Values by {@link peerName}, with a limit: the least recently used one is evicted. */
export interface PeerMap<Value> {
  readonly size: number;
  /** The value of a peer; counts as a use. */
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
}

/**
 * A map for state of unverified peers: any number of sources, including forged ones, costs the same memory.
 *
 * @throws RangeError when `max` is not a positive whole number.
 */
export function createPeerMap<Value>(max: number): PeerMap<Value> {
  if (!Number.isSafeInteger(max) || max < 1) throw new RangeError(`max must be a positive whole number, not ${max}`);
  return new LeastRecentlyUsed<Value>(max);
}

class LeastRecentlyUsed<Value> implements PeerMap<Value> {
  readonly #max: number;
  // A Map iterates in order of insertion: its first key is the least recently used one.
  readonly #values = new Map<string, Value>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#values.size;
  }

  get(name: string): Value | undefined {
    const value = this.#values.get(name);
    if (value !== undefined) this.#moveToEnd(name, value);
    return value;
  }

  set(name: string, value: Value): void {
    this.#moveToEnd(name, value);
    if (this.#values.size <= this.#max) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      return;
    }
  }

  #moveToEnd(name: string, value: Value): void {
    this.#values.delete(name);
    this.#values.set(name, value);
  }
}
