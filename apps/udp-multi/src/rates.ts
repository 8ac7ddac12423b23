import { createKeyedBuckets, createTokenBucket, prefixOf } from '@socklab/service';

/** Which limit a datagram went over. */
export type RateDropReason =
  /** More datagrams per second from one address than `--rate-ip`. */
  | 'rate-ip'
  /** More from one IPv4 /24 or IPv6 /56 than `--rate-prefix`. */
  | 'rate-prefix'
  /** More from everybody than `--rate-total`. */
  | 'rate-total';

/** Datagrams per second; `Infinity` is no limit. Each bucket holds one second's worth. */
export interface RateLimits {
  readonly rateIp: number;
  readonly ratePrefix: number;
  readonly rateTotal: number;
}

/** Limits how many datagrams are taken from unproven sources. */
export interface Rates {
  /** Takes a place for one datagram in each bucket, up to the first that has none. */
  refuse(address: string, nowMs: number): RateDropReason | undefined;
}

// The smallest networks that providers give out: whoever has one address of them can take the others.
const IPV4_PREFIX_BITS = 24;
const IPV6_PREFIX_BITS = 56;
/** Prefixes of addresses remembered, so that a busy source costs no formatting. */
const MAX_REMEMBERED = 8192;

/**
 * Makes the {@link Rates}. Narrow before wide: what one address sends in vain takes nothing from its neighbours.
 * Memory is bounded by the buckets of `@socklab/service`, whatever sources are forged.
 */
export function createRates({ rateIp, ratePrefix, rateTotal }: RateLimits): Rates {
  const perIp = rateIp === Infinity ? undefined : createKeyedBuckets({ ratePerSecond: rateIp });
  const perPrefix = ratePrefix === Infinity ? undefined : createKeyedBuckets({ ratePerSecond: ratePrefix });
  const total = rateTotal === Infinity ? undefined : createTokenBucket({ ratePerSecond: rateTotal });
  const prefix = rememberedPrefixes();
  return {
    refuse(address, nowMs) {
      if (perIp !== undefined && !perIp.take(address, nowMs)) return 'rate-ip';
      if (perPrefix !== undefined && !perPrefix.take(prefix(address), nowMs)) return 'rate-prefix';
      return total === undefined || total.take(nowMs) ? undefined : 'rate-total';
    },
  };
}

function rememberedPrefixes(): (address: string) => string {
  const remembered = new Map<string, string>();
  return (address) => {
    const known = remembered.get(address);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const prefix = prefixOf(address, IPV4_PREFIX_BITS, IPV6_PREFIX_BITS);
    remembered.set(address, prefix);
    return prefix;
  };
}
