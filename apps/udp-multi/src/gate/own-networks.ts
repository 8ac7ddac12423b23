import { isIPv4 } from 'node:net';
import { prefixOf } from '@socklab/service';
import { broadcastAddresses } from './admit.ts';
import type { networkInterfaces } from 'node:os';

/** Tells which addresses are those of other machines in the networks of this one. */
export interface OwnNetworks {
  isNeighbor(address: string, nowMs: number): boolean;
}

/** How often the interfaces are asked at most: each time costs system calls. */
const READ_MS = 10_000;
/** Addresses remembered, so that a busy one costs no comparison. */
const MAX_REMEMBERED = 8192;
/** What os.networkInterfaces() says of an interface that has none. */
const NO_HARDWARE_ADDRESS = '00:00:00:00:00:00';

/** Makes {@link OwnNetworks}. Interfaces without a hardware address, as tunnels, have no neighbors: whatever is given to them leaves. */
export function createOwnNetworks(interfaces: () => ReturnType<typeof networkInterfaces>): OwnNetworks {
  let networks: readonly Network[] = [];
  let broadcasts: ReadonlySet<string> = new Set();
  let readAtMs = Number.NEGATIVE_INFINITY;
  const remembered = new Map<string, boolean>();
  return {
    isNeighbor(address, nowMs) {
      if (nowMs - readAtMs >= READ_MS) {
        const found = interfaces();
        networks = networksOf(found);
        broadcasts = broadcastAddresses(Object.values(found).flatMap((addresses) => addresses ?? []));
        readAtMs = nowMs;
        remembered.clear();
      }
      const known = remembered.get(address);
      if (known !== undefined) return known;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const isOther = !broadcasts.has(address) && !networks.some(({ own }) => own === address);
      const isNeighbor = isOther && networks.some((network) => isIn(address, network));
      remembered.set(address, isNeighbor);
      return isNeighbor;
    },
  };
}

interface Network {
  readonly own: string;
  readonly bits: number;
  readonly prefix: string;
}

function networksOf(interfaces: ReturnType<typeof networkInterfaces>): readonly Network[] {
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, mac, cidr }) => !internal && mac !== NO_HARDWARE_ADDRESS && cidr !== null)
    .map(({ address, cidr }) => {
      const bits = Number(cidr!.slice(cidr!.indexOf('/') + 1));
      return { own: address, bits, prefix: networkOf(address, bits) };
    });
}

function isIn(address: string, { own, bits, prefix }: Network): boolean {
  return isIPv4(address) === isIPv4(own) && networkOf(address, bits) === prefix;
}

function networkOf(address: string, bits: number): string {
  return isIPv4(address) ? prefixOf(address, bits, 128) : prefixOf(address, 32, bits);
}
