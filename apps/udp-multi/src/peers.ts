import { hostPort } from '@socklab/service';

/** Where a datagram came from. Shaped like the `rinfo` of node:dgram, so that none is made per datagram. */
export interface Peer {
  /** Numeric address; a link-local IPv6 address carries its zone, as in `fe80::1%eth0`. */
  readonly address: string;
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6';
}

/** Names a peer as Python shows the address of `recvfrom`: `('127.0.0.1', 59120)`. */
export function formatPeer({ address, port }: Pick<Peer, 'address' | 'port'>): string {
  return `('${address}', ${port})`;
}

/** Names a peer as `HOST:PORT`, the form of commands and of the log: `127.0.0.1:59120`, `[::1]:59120`. */
export function peerName({ address, port }: Pick<Peer, 'address' | 'port'>): string {
  return hostPort(address, port);
}

/** What is remembered of peers, by {@link peerName}. Never more than its limit: the one longest unused is forgotten. */
export interface PeerMap<Value> {
  readonly size: number;
  /** The value of a peer, which counts as a use of it. */
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
}

/**
 * A map for state of peers that nobody has checked: any number of sources, forged ones too, costs the same memory.
 *
 * @throws RangeError when `max` is not a positive whole number.
 */
export function createPeerMap<Value>(max: number): PeerMap<Value> {
  if (!Number.isSafeInteger(max) || max < 1) throw new RangeError(`max must be a positive whole number, not ${max}`);
  return new LeastRecentlyUsed<Value>(max);
}

class LeastRecentlyUsed<Value> implements PeerMap<Value> {
  readonly #max: number;
  // A Map iterates in order of insertion: its first key is the one longest unused.
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
