import { prefixOf } from '@socklab/service';
import { peerName } from '../peers.ts';
import type { Peer } from '../peers.ts';
import type { Datagram } from './session.ts';

/**
 * Datagrams that wait for their turn, in order of arrival, within limits. A source may have as many waiting, and as
 * many bytes, as there is room left for others: alone, half of the queue. So the queue is never full for a source that
 * is not in it, unless as many sources as it has places fill it together.
 */
export interface WaitingQueue<Waiting extends Datagram = Datagram> {
  readonly size: number;
  /** Adds it at the end; false when its source has no room left. */
  add(datagram: Waiting): boolean;
  /** The one whose turn it is. It keeps its place until {@link WaitingQueue.leave}. */
  first(): Waiting | undefined;
  /** Removes the first one. */
  leave(): void;
  /** Removes all of one peer, in order, including the one whose turn it is. */
  remove(peer: Peer): readonly Waiting[];
  /** Removes all, in order. */
  empty(): readonly Waiting[];
}

/** Limits of {@link createWaitingQueue}. */
export interface WaitingLimits {
  readonly maxDatagrams: number;
  /** Payload bytes of all that wait. */
  readonly maxBytes: number;
}

/** What waits, of all or of one source. */
interface Load {
  datagrams: number;
  bytes: number;
}

// The addresses of one machine: all ports of an IPv4 address, all addresses of an IPv6 /64.
const IPV4_SOURCE_BITS = 32;
const IPV6_SOURCE_BITS = 64;

/** Makes a {@link WaitingQueue}. */
export function createWaitingQueue<Waiting extends Datagram>(limits: WaitingLimits): WaitingQueue<Waiting> {
  return new FairQueue(limits);
}

class FairQueue<Waiting extends Datagram> implements WaitingQueue<Waiting> {
  readonly #limits: WaitingLimits;
  readonly #all: Load = { datagrams: 0, bytes: 0 };
  /** Only of sources that have something waiting. */
  readonly #sources = new Map<string, Load>();
  #queue: Waiting[] = [];

  constructor(limits: WaitingLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#queue.length;
  }

  add(datagram: Waiting): boolean {
    const { maxDatagrams, maxBytes } = this.#limits;
    const source = sourceOf(datagram);
    const own = this.#sources.get(source) ?? { datagrams: 0, bytes: 0 };
    if (own.datagrams >= maxDatagrams - this.#all.datagrams) return false;
    if (own.bytes + datagram.payload.length > maxBytes - this.#all.bytes) return false;
    this.#sources.set(source, own);
    this.#queue.push(datagram);
    for (const load of [own, this.#all]) {
      load.datagrams += 1;
      load.bytes += datagram.payload.length;
    }
    return true;
  }

  first(): Waiting | undefined {
    return this.#queue[0];
  }

  leave(): void {
    const datagram = this.#queue.shift();
    if (datagram !== undefined) this.#forget(datagram);
  }

  remove(peer: Peer): readonly Waiting[] {
    const name = peerName(peer);
    const { removed = [], kept = [] } = Object.groupBy(this.#queue, (each) => (peerName(each.peer) === name ? 'removed' : 'kept'));
    this.#queue = kept;
    for (const datagram of removed) this.#forget(datagram);
    return removed;
  }

  empty(): readonly Waiting[] {
    const all = this.#queue;
    this.#queue = [];
    for (const datagram of all) this.#forget(datagram);
    return all;
  }

  #forget(datagram: Waiting): void {
    const source = sourceOf(datagram);
    const own = this.#sources.get(source)!;
    for (const load of [own, this.#all]) {
      load.datagrams -= 1;
      load.bytes -= datagram.payload.length;
    }
    if (own.datagrams === 0) this.#sources.delete(source);
  }
}

function sourceOf({ peer }: Datagram): string {
  return prefixOf(peer.address, IPV4_SOURCE_BITS, IPV6_SOURCE_BITS);
}
