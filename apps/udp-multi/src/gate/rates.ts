import { createTokenBucket, prefixOf } from '@socklab/service';
import { createKeyedBuckets } from './keyed-buckets.ts';

/** The limit that a datagram exceeded. */
export type RateDropReason =
  /** More datagrams per second from one address than `--rate-ip`. */
  | 'rate-ip'
  /** More from one IPv4 /24, or IPv6 network of `--ipv6-prefix`, than `--rate-prefix`. */
  | 'rate-prefix'
  /** More from all sources than `--rate-total`. */
  | 'rate-total';

/** Datagrams per second; `Infinity` is no limit. Each bucket holds one second's worth. */
export interface RateLimits {
  readonly rateIp: number;
  readonly ratePrefix: number;
  readonly rateTotal: number;
  /** The length of the IPv6 prefixes of `ratePrefix`, 1 to 128. */
  readonly ipv6Prefix: number;
}

/** Limits how many datagrams of unproven sources are taken. */
export interface Rates {
  /** Takes a token for one datagram from each bucket, up to the first that has none. */
  refuse(address: string, nowMs: number): RateDropReason | undefined;
}

// The smallest network that is routed separately: who has one address of it can use the others.
const IPV4_PREFIX_BITS = 24;
/** Cached prefixes of addresses, so that a busy source needs no formatting. */
const MAX_REMEMBERED = 8192;

/**
 * Makes the {@link Rates}. Narrow limits first: what one address sends in vain takes nothing from its neighbours.
 * Memory is bounded by the buckets, whatever sources are forged.
 */
export function createRates({ rateIp, ratePrefix, rateTotal, ipv6Prefix }: RateLimits): Rates {
  const perIp = rateIp === Infinity ? undefined : createKeyedBuckets({ ratePerSecond: rateIp });
  const perPrefix = ratePrefix === Infinity ? undefined : createKeyedBuckets({ ratePerSecond: ratePrefix });
  const total = rateTotal === Infinity ? undefined : createTokenBucket({ ratePerSecond: rateTotal });
  const networks = rememberedNetworks(ipv6Prefix);
  return {
    refuse(address, nowMs) {
      const { host, prefix } = networks(address);
      if (perIp !== undefined && !perIp.take(host, nowMs)) return 'rate-ip';
      if (perPrefix !== undefined && !perPrefix.take(prefix, nowMs)) return 'rate-prefix';
      return total === undefined || total.take(nowMs) ? undefined : 'rate-total';
    },
  };
}

/** An address in its canonical form, and its network: an IPv4-mapped address is the IPv4 one. */
export interface Networks {
  readonly host: string;
  readonly prefix: string;
}

/** The {@link Networks} of an address: the IPv4 /24, or the IPv6 network of this prefix length. */
export function networksOf(address: string, ipv6Prefix: number): Networks {
  return { host: prefixOf(address, 32, 128), prefix: prefixOf(address, IPV4_PREFIX_BITS, ipv6Prefix) };
}

function rememberedNetworks(ipv6Prefix: number): (address: string) => Networks {
  const remembered = new Map<string, Networks>();
  return (address) => {
    const known = remembered.get(address);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const networks = networksOf(address, ipv6Prefix);
    remembered.set(address, networks);
    return networks;
  };
}
