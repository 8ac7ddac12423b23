import { isIPv6 } from 'node:net';
import { formatIpv4, ipv4Bits, ipv6Groups, mappedIpv4, maskIpv4 } from './address-bits.ts';
import type { Ipv6Groups } from './address-bits.ts';

/**
 * The network of an address, as a key: `192.0.2.9` → `192.0.2.0/24`, `2001:db8::9` → `2001:db8::/56`. Providers
 * give a customer about a /56 of IPv6, so a single address says as little there as a single port does in IPv4.
 *
 * An IPv4-mapped address (`::ffff:192.0.2.9`) is in its IPv4 network; zones (`%eth0`) are ignored. Two spellings
 * of an address have the same key.
 *
 * @param host - A numeric address, as sockets give it; any other text, such as the `''` of a unix socket, is its own key.
 * @param v4Bits - Length of IPv4 prefixes, 0 to 32.
 * @param v6Bits - Length of IPv6 prefixes, 0 to 128.
 */
export function prefixOf(host: string, v4Bits: number, v6Bits: number): string {
  if (!host.includes(':')) return isDotted(host) ? ipv4Prefix(ipv4Bits(host), v4Bits) : host;
  if (!isIPv6(host)) return host;
  const groups = ipv6Groups(host);
  const mapped = mappedIpv4(groups);
  return mapped === undefined ? ipv6Prefix(groups, v6Bits) : ipv4Prefix(mapped, v4Bits);
}

function ipv4Prefix(bits: number, length: number): string {
  return `${formatIpv4(maskIpv4(bits, length))}/${length}`;
}

/** Only trailing zeros are left out: cheaper than the canonical form, and as unique. */
function ipv6Prefix(groups: Ipv6Groups, length: number): string {
  let text = '';
  let zeros = '';
  for (let index = 0; index * 16 < length; index += 1) {
    const group = (groups[index] ?? 0) & keptBits(length - index * 16);
    if (group === 0) zeros += '0:';
    else {
      text += `${zeros}${group.toString(16)}:`;
      zeros = '';
    }
  }
  const isWhole = length > 112 && zeros === '';
  return `${isWhole ? text.slice(0, -1) : text === '' ? '::' : `${text}:`}/${length}`;
}

function keptBits(length: number): number {
  return length >= 16 ? 0xff_ff : (0xff_ff << (16 - length)) & 0xff_ff;
}

// Cheaper than net.isIPv4, and sufficient: a socket reports digits and dots only for an IPv4 address.
function isDotted(host: string): boolean {
  return /^[\d.]{7,15}$/.test(host);
}
