import { isIPv4, isIPv6 } from 'node:net';

/** The 8 groups of an IPv6 address, 16 bits each, in network order. */
export type Ipv6Groups = readonly number[];

const IPV6_GROUPS = 8;
const MAPPED_MARK = 0xff_ff;

/** The 32 bits of an IPv4 address: `10.0.0.1` → 0x0a000001. The text must be one: see `net.isIPv4`. */
export function ipv4Bits(host: string): number {
  let bits = 0;
  let octet = 0;
  // Hot path, for each datagram: no split, no array.
  for (let index = 0; index < host.length; index += 1) {
    const code = host.charCodeAt(index);
    if (code === DOT) {
      bits = (bits << 8) | octet;
      octet = 0;
    } else octet = octet * 10 + (code - DIGIT_0);
  }
  return ((bits << 8) | octet) >>> 0;
}

const DOT = 0x2e;
const DIGIT_0 = 0x30;

/** Writes 32 bits as an IPv4 address. */
export function formatIpv4(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 0xff}.${(bits >>> 8) & 0xff}.${bits & 0xff}`;
}

/** The groups of an IPv6 address, its zone (`%eth0`) left out. The text must be one: see `net.isIPv6`. */
export function ipv6Groups(host: string): Ipv6Groups {
  const groups = [0, 0, 0, 0, 0, 0, 0, 0];
  let count = 0;
  let gapAt = -1;
  let start = 0;
  // Hot path too. The group after the last colon ends with the text, or at its zone.
  for (let index = 0; index <= host.length; index += 1) {
    const code = index === host.length ? PERCENT : host.charCodeAt(index);
    if (code === DOT) {
      count = readDotted(host.slice(start).split('%', 1)[0] ?? '', groups, count);
      break;
    }
    if (code !== COLON && code !== PERCENT) continue;
    if (index > start) {
      groups[count] = readHex(host, start, index);
      count += 1;
    } else if (index > 0 && code === COLON) gapAt = count;
    if (code === PERCENT) break;
    start = index + 1;
  }
  return gapAt === -1 ? groups : widenGap(groups, gapAt, count);
}

const COLON = 0x3a;
const PERCENT = 0x25;

function readHex(text: string, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    // Hexadecimal letters of both cases have their value in the low four bits, less 9.
    value = (value << 4) | (code > DIGIT_9 ? (code & 0xf) + 9 : code - DIGIT_0);
  }
  return value;
}

const DIGIT_9 = 0x39;

/** The last 32 bits may be written as an IPv4 address: `::ffff:10.0.0.1`. */
function readDotted(text: string, groups: number[], count: number): number {
  const bits = ipv4Bits(text);
  groups[count] = bits >>> 16;
  groups[count + 1] = bits & 0xff_ff;
  return count + 2;
}

/** Moves what stands behind `::` to the end. */
function widenGap(groups: number[], gapAt: number, count: number): number[] {
  const width = IPV6_GROUPS - count;
  for (let index = IPV6_GROUPS - 1; index >= gapAt; index -= 1) {
    groups[index] = index >= gapAt + width ? (groups[index - width] ?? 0) : 0;
  }
  return groups;
}

/** Writes an IPv6 address in its one canonical form (RFC 5952), which is how Node.js writes it too. */
export function formatIpv6(groups: Ipv6Groups): string {
  const mapped = mappedIpv4(groups);
  if (mapped !== undefined) return `::ffff:${formatIpv4(mapped)}`;
  const { start, length } = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  // A single group of zeros is not shortened.
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function longestZeros(groups: Ipv6Groups): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (let index = 0; index < groups.length; index += 1) {
    if (groups[index] !== 0) start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}

/** The bits of the IPv4 address that an IPv6 address stands for (`::ffff:0:0/96`, RFC 4291, 2.5.5.2), if it is one. */
export function mappedIpv4(groups: Ipv6Groups): number | undefined {
  if (groups[5] !== MAPPED_MARK) return undefined;
  for (let index = 0; index < 5; index += 1) if (groups[index] !== 0) return undefined;
  const [, , , , , , high = 0, low = 0] = groups;
  return ((high << 16) | low) >>> 0;
}

/** Keeps the first `length` bits of an IPv4 address. */
export function maskIpv4(bits: number, length: number): number {
  // A shift by 32 is a shift by 0.
  return length === 0 ? 0 : (bits & (-1 << (32 - length))) >>> 0;
}

/** Keeps the first `length` bits of an IPv6 address. */
export function maskIpv6(groups: Ipv6Groups, length: number): Ipv6Groups {
  return groups.map((group, index) => {
    const kept = Math.min(16, Math.max(0, length - index * 16));
    return group & (0xff_ff << (16 - kept)) & 0xff_ff;
  });
}

/** The address in the form to compare by: IPv4 for an IPv4-mapped one, no zone, shortest spelling; undefined when it is not an address. */
export function canonicalAddress(host: string): { readonly family: 'ipv4' | 'ipv6'; readonly address: string } | undefined {
  if (isIPv4(host)) return { family: 'ipv4', address: host };
  if (!isIPv6(host)) return undefined;
  const groups = ipv6Groups(host);
  const mapped = mappedIpv4(groups);
  if (mapped !== undefined) return { family: 'ipv4', address: formatIpv4(mapped) };
  return { family: 'ipv6', address: formatIpv6(groups) };
}
