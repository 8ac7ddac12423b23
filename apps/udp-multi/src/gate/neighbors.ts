import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { readProc } from '@socklab/service';
import { canonicalAddress } from './admit.ts';
import { createOwnNetworks } from './own-networks.ts';
import { createRecentlyUsed } from './recently-used.ts';

/**
 * Keeps the send buffer free of what waits for machines that are not there.
 *
 * The system keeps a datagram to a machine of the own networks until it has found it, three seconds when there is none, and in the send
 * buffer of the socket, which is everybody's. So to machines that are not known to be there, no more is sent than fills a quarter of it.
 */
export interface Neighbors {
  /** Whether a datagram of so many bytes may be sent to this address now. {@link Neighbors.sent} is told when it was. */
  maySend(address: string, bytes: number, nowMs: number): boolean;
  /** The system has what {@link Neighbors.maySend} was asked about last. */
  sent(): void;
}

/** The sources of a {@link Neighbors}. */
export interface NeighborSources {
  /** The text of `/proc/net/arp`; `undefined` where there is none. */
  readonly readTable: () => string | undefined;
  readonly interfaces: () => ReturnType<typeof networkInterfaces>;
  /** Bytes in the send buffers, as the system counts them; `undefined` where it does not tell. */
  readonly waitingBytes: () => number | undefined;
  /** The size of the smallest send buffer. */
  readonly bufferBytes: () => number;
  /** Measures how long looking takes, in milliseconds. */
  readonly clock: () => number;
}

/** How often the ARP table is read again at most. */
const TABLE_MS = 100;
/** How often the send buffers are looked at: while somebody unknown sends, and while all are known. */
const LOOK_MS = 10;
const CALM_LOOK_MS = 100;
/** Looking takes at most one part in so many of the time: some machines have many sockets. */
const READ_SHARE = 25;
/** What is sent to nobody stays for longer than this. Source: net.ipv6.neigh.*.retrans_time_ms, three of which are tried. */
const SURE_MS = 1000;
/** IPv6 machines that are remembered. */
const MAX_MACHINES = 4096;
/** What a datagram takes in a send buffer, besides its bytes twice: about what Linux counts for a packet. */
const PACKET_BYTES = 768;

/** The flag of an entry that was resolved. Source: linux/if_arp.h, ATF_COM. */
const COMPLETE = 0x2;

/**
 * Makes a {@link Neighbors} (Linux; elsewhere everything may be sent). An IPv4 machine that sends from a network of this one has asked for
 * its address before, so it stands in the ARP table; a forged source does not. IPv6 has no such table to read. There a machine is known
 * once a datagram to it has left the send buffer, and all have to show it again when more than half of the buffer waits.
 */
export function createNeighbors(sources: Pick<NeighborSources, 'waitingBytes' | 'bufferBytes'> & Partial<NeighborSources>): Neighbors {
  return new BufferGuard({
    interfaces: networkInterfaces,
    readTable: () => readProc('/proc/net/arp'),
    clock: () => performance.now(),
    ...sources,
  });
}

class BufferGuard implements Neighbors {
  readonly #sources: NeighborSources;
  readonly #networks: ReturnType<typeof createOwnNetworks>;
  #arp: ReadonlySet<string> | undefined = new Set();
  #arpAtMs = Number.NEGATIVE_INFINITY;
  /** IPv6 machines: when a datagram left to them, and when one stayed. */
  readonly #leftAtMs = createRecentlyUsed<number>(MAX_MACHINES);
  readonly #stayedAtMs = createRecentlyUsed<number>(MAX_MACHINES);
  /** What left before this proves nothing any more. */
  #doubtAtMs = Number.NEGATIVE_INFINITY;
  /** Sent to since the last look, and not known. */
  readonly #tried = new Set<string>();
  /** Bytes that wait, with those that were sent since the look. */
  #waiting: number | undefined = 0;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #readTookMs = 0;
  #testedAtMs = Number.NEGATIVE_INFINITY;
  /** Looks before and after a datagram to this one tell whether it leaves at once. */
  #tested: { readonly address: string; readonly nowMs: number } | undefined;

  constructor(sources: NeighborSources) {
    this.#sources = sources;
    this.#networks = createOwnNetworks(sources.interfaces);
  }

  maySend(address: string, bytes: number, nowMs: number): boolean {
    this.#tested = undefined;
    const plain = canonicalAddress(address);
    if (!this.#networks.isNeighbor(plain, nowMs)) return true;
    if (isIPv4(plain)) return this.#isInTable(plain, nowMs) || this.#mayWait(bytes, nowMs);
    return this.#isKnown(plain, nowMs) || this.#mayTry(plain, bytes, nowMs);
  }

  sent(): void {
    if (this.#tested === undefined) return;
    const { address, nowMs } = this.#tested;
    const before = this.#waiting ?? 0;
    this.#waiting = this.#sources.waitingBytes() ?? 0;
    (this.#waiting <= before ? this.#leftAtMs : this.#stayedAtMs).set(address, nowMs);
    this.#tested = undefined;
  }

  #isInTable(address: string, nowMs: number): boolean {
    // Of those in it too: one can be gone.
    if (nowMs - this.#arpAtMs >= TABLE_MS) {
      this.#arp = completeIn(this.#sources.readTable());
      this.#arpAtMs = nowMs;
    }
    return this.#arp === undefined || this.#arp.has(address);
  }

  #mayWait(bytes: number, nowMs: number): boolean {
    this.#look(nowMs, LOOK_MS);
    if (!this.#fits(bytes)) return false;
    this.#add(bytes);
    return true;
  }

  #isKnown(address: string, nowMs: number): boolean {
    const leftAtMs = this.#leftAtMs.get(address);
    if (leftAtMs === undefined) return false;
    this.#look(nowMs, CALM_LOOK_MS);
    return leftAtMs >= this.#doubtAtMs;
  }

  #mayTry(address: string, bytes: number, nowMs: number): boolean {
    const hasStayed = nowMs - (this.#stayedAtMs.get(address) ?? Number.NEGATIVE_INFINITY) < SURE_MS;
    if (hasStayed && this.#waits(8)) return false;
    this.#look(nowMs, LOOK_MS);
    if (!this.#waits(8)) {
      this.#tried.add(address);
      this.#add(bytes);
      return true;
    }
    // One at a time, so that it is known whose datagram it is that stays.
    if (nowMs - this.#testedAtMs < this.#pauseMs(LOOK_MS)) return false;
    if (this.#leftAtMs.peek(address) === undefined ? !this.#fits(bytes) : this.#waits(4 / 3)) return false;
    this.#read();
    this.#testedAtMs = nowMs;
    this.#tested = { address, nowMs };
    return true;
  }

  /** Whether more than a part of the buffer waits. */
  #waits(part: number): boolean {
    return (this.#waiting ?? 0) > this.#sources.bufferBytes() / part;
  }

  /** One that is longer than a quarter may wait alone. */
  #fits(bytes: number): boolean {
    return !this.#waiting || this.#waiting + costOf(bytes) <= this.#sources.bufferBytes() / 4;
  }

  #add(bytes: number): void {
    if (this.#waiting !== undefined) this.#waiting += costOf(bytes);
  }

  #look(nowMs: number, everyMs: number): void {
    const sinceMs = nowMs - this.#lookedAtMs;
    if (sinceMs < this.#pauseMs(everyMs)) return;
    this.#read();
    this.#lookedAtMs = nowMs;
    // All that was sent has left, and too soon to have been given up.
    if (this.#waiting === 0 && sinceMs < SURE_MS) for (const address of this.#tried) this.#leftAtMs.set(address, nowMs);
    this.#tried.clear();
    if (this.#waits(2) && nowMs - this.#doubtAtMs >= SURE_MS) this.#doubtAtMs = nowMs;
  }

  #read(): void {
    const startedMs = this.#sources.clock();
    this.#waiting = this.#sources.waitingBytes();
    this.#readTookMs = this.#sources.clock() - startedMs;
  }

  #pauseMs(everyMs: number): number {
    return Math.max(everyMs, READ_SHARE * this.#readTookMs);
  }
}

function costOf(bytes: number): number {
  return PACKET_BYTES + 2 * bytes;
}

/** Lines are `IP address, HW type, Flags, HW address, Mask, Device`. */
function completeIn(table: string | undefined): ReadonlySet<string> | undefined {
  if (table === undefined) return undefined;
  const found = new Set<string>();
  for (const line of table.split('\n').slice(1)) {
    const [address = '', , flags = '0'] = line.trim().split(/\s+/);
    if ((Number(flags) & COMPLETE) !== 0) found.add(address);
  }
  return found;
}
