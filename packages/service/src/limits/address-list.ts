import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { option } from '../options/option.ts';
import { countBetween, refuse } from '../options/values.ts';
import { canonicalAddress, formatIpv4, formatIpv6, ipv4Bits, ipv6Groups, mappedIpv4, maskIpv4, maskIpv6 } from './address-bits.ts';
import type { Option } from 'commander';

/** A network: the addresses that begin with the first `bits` bits of `network`. */
export interface Cidr {
  readonly family: 'ipv4' | 'ipv6';
  /** Numeric, in the shortest spelling. */
  readonly network: string;
  /** 0 to 32, or 0 to 128. */
  readonly bits: number;
}

/** Options of {@link createAddressRule}. */
export interface AddressRuleOptions {
  /** Only these are let in; an empty list lets in everybody. @defaultValue `[]` */
  readonly allow?: readonly Cidr[];
  /** These are not, whatever `allow` says. @defaultValue `[]` */
  readonly deny?: readonly Cidr[];
}

const FORMS = 'ADDRESS or NETWORK/BITS: 10.0.0.0/8, ::1, fe80::/10';

/**
 * Reads an address or a network: `127.0.0.1`, `10.0.0.0/8`, `::1`, `fe80::/10`. An IPv4-mapped one
 * (`::ffff:10.0.0.0/104`) is read as IPv4.
 *
 * @throws InvalidArgumentError for anything else. Bits set after the prefix are a mistake in one of the two numbers:
 * the error names the network that the prefix gives.
 */
export function parseCidr(text: string): Cidr {
  const [, address = '', bitsText] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const read = isIPv4(address) ? readIpv4(address, bitsText) : readIpv6(address, bitsText);
  if (read === undefined) throw refuse(text, 'an address or network', FORMS);
  if (read.given !== read.cidr.network) {
    const { network, bits } = read.cidr;
    throw refuse(text, 'a network: bits after the prefix are set', `${network}/${bits}, or ${read.given} for this address alone`);
  }
  return read.cidr;
}

/** What was read, and the given address in the same spelling. */
interface ReadCidr {
  readonly cidr: Cidr;
  readonly given: string;
}

function readIpv4(address: string, bitsText = '32'): ReadCidr | undefined {
  return ipv4Network(ipv4Bits(address), Number(bitsText));
}

function readIpv6(address: string, bitsText = '128'): ReadCidr | undefined {
  const bits = Number(bitsText);
  if (!isIPv6(address) || bits > 128) return undefined;
  const groups = ipv6Groups(address);
  const mapped = mappedIpv4(groups);
  if (mapped !== undefined && bits >= 96) return ipv4Network(mapped, bits - 96);
  return { cidr: { family: 'ipv6', network: formatIpv6(maskIpv6(groups, bits)), bits }, given: formatIpv6(groups) };
}

function ipv4Network(address: number, bits: number): ReadCidr | undefined {
  if (bits > 32) return undefined;
  return { cidr: { family: 'ipv4', network: formatIpv4(maskIpv4(address, bits)), bits }, given: formatIpv4(address) };
}

/**
 * Decides which peers are let in. An IPv4-mapped address (`::ffff:10.1.2.3`, which a `[::]` socket reports for an
 * IPv4 peer) is the IPv4 address; zones (`%eth0`) are ignored. The peer of a unix socket has no address (`''`) and
 * is always let in: file permissions decide there. Any other text that is no numeric address is never let in.
 */
export function createAddressRule({ allow = [], deny = [] }: AddressRuleOptions): (host: string) => boolean {
  if (allow.length === 0 && deny.length === 0) return () => true;
  const allowed = allow.length === 0 ? undefined : blockLists(allow);
  const denied = blockLists(deny);
  return (host) => {
    if (host === '') return true;
    const peer = canonicalAddress(host);
    if (peer === undefined || denied[peer.family].check(peer.address, peer.family)) return false;
    return allowed?.[peer.family].check(peer.address, peer.family) ?? true;
  };
}

/** One list a family: in a mixed list, `::/0` would match every IPv4 address too. */
function blockLists(networks: readonly Cidr[]): Readonly<Record<Cidr['family'], BlockList>> {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { family, network, bits } of networks) lists[family].addSubnet(network, bits, family);
  return lists;
}

/** The values of {@link addressOptions}. */
export interface AddressFlags {
  readonly allow?: readonly Cidr[];
  readonly deny?: readonly Cidr[];
  /** 1 to 128. */
  readonly ipv6Prefix: number;
}

// Providers give a customer about a /56: who has one address of it has all of them.
const IPV6_PREFIX_BITS = 56;

/**
 * `--allow` and `--deny`: which peers a service answers; their values are what {@link createAddressRule} takes.
 * `--ipv6-prefix`: what its limits count as one; its value is what {@link prefixOf} takes.
 */
export function addressOptions(appName: string): readonly Option[] {
  const extra = { parse: parseCidr, repeatable: true };
  return [
    option<Cidr>(appName, '--allow <cidr>', 'serve only these addresses and networks: 10.0.0.0/8, ::1; may be repeated', extra),
    option<Cidr>(appName, '--deny <cidr>', 'serve none of these, whatever --allow says; may be repeated', extra),
    option<number>(appName, '--ipv6-prefix <bits>', 'the length of the IPv6 prefixes that limits count as one address: 1 to 128', {
      default: IPV6_PREFIX_BITS,
      parse: countBetween(1, 128),
    }),
  ];
}
