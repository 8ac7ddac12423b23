import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createTokenBucket, readProc } from '@socklab/service';
import { canonicalAddress } from './admit.ts';

/** Tells which sources of the machine's own networks are there at all. */
export interface Neighbors {
  /**
   * Whether an answer to this address leaves the machine now, or is one of the few that may wait until the system has found its
   * machine. An answer to a machine that is not there waits for three seconds in the send buffer of the socket, which is everybody's.
   */
  mayAnswer(address: string, nowMs: number): boolean;
}

/** Where a {@link Neighbors} looks. */
export interface NeighborSources {
  /** The text of `/proc/net/arp`; `undefined` where there is none. */
  readonly readTable: () => string | undefined;
  readonly interfaces: () => ReturnType<typeof networkInterfaces>;
}

/** How often the table is read again at most, and the networks. */
const READ_MS = 100;
const NETWORKS_MS = 10_000;

/** Answers to machines that the system does not know: fewer in three seconds than fill a send buffer by half. */
const UNKNOWN = { ratePerSecond: 16, burst: 32 };

/** The flag of an entry whose machine has answered. Source: linux/if_arp.h, ATF_COM. */
const COMPLETE = 0x2;

/** What os.networkInterfaces() says of an interface that has none. */
const NO_HARDWARE_ADDRESS = '00:00:00:00:00:00';

/**
 * Makes a {@link Neighbors} from the system's ARP table (Linux). Who sends from a network of this machine has asked it for its address
 * before, so it stands in the table; a forged source does not. Elsewhere, over interfaces that have no hardware addresses (a tunnel has
 * no ARP), and for IPv6, everybody may be answered.
 */
export function createNeighbors({ readTable, interfaces }: NeighborSources = SYSTEM): Neighbors {
  const unknown = createTokenBucket(UNKNOWN);
  let networks: readonly Network[] = [];
  let networksAtMs = Number.NEGATIVE_INFINITY;
  let known: ReadonlySet<string> | undefined = new Set();
  let knownAtMs = Number.NEGATIVE_INFINITY;
  return {
    mayAnswer(address, nowMs) {
      if (nowMs - networksAtMs >= NETWORKS_MS) {
        networks = networksOf(interfaces());
        networksAtMs = nowMs;
      }
      const plain = canonicalAddress(address);
      if (!isOnLink(plain, networks) || known?.has(plain) === true) return true;
      if (nowMs - knownAtMs >= READ_MS) {
        known = completeIn(readTable());
        knownAtMs = nowMs;
      }
      return known === undefined || known.has(plain) || unknown.take(nowMs);
    },
  };
}

const SYSTEM: NeighborSources = { interfaces: networkInterfaces, readTable: () => readProc('/proc/net/arp') };

interface Network {
  readonly address: number;
  readonly mask: number;
}

function networksOf(interfaces: ReturnType<typeof networkInterfaces>): readonly Network[] {
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal, mac }) => family === 'IPv4' && !internal && mac !== NO_HARDWARE_ADDRESS)
    .map(({ address, netmask }) => ({ address: numberOf(address), mask: numberOf(netmask) }));
}

function isOnLink(address: string, networks: readonly Network[]): boolean {
  if (networks.length === 0 || !isIPv4(address)) return false;
  const number = numberOf(address);
  // The machine's own addresses are reached without a neighbor.
  return networks.some((network) => number !== network.address && ((number ^ network.address) & network.mask) === 0);
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, byte) => (number << 8) | Number(byte), 0);
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
