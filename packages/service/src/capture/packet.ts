import { isIPv4, isIPv6 } from 'node:net';
import { ipv4Bits, ipv6Groups, mappedIpv4 } from '../limits/address-bits.ts';

/** One end of a TCP connection, or a UDP socket. A unix socket has no address: it is shown as a port of loopback. */
export interface CapturedPeer {
  readonly host: string;
  readonly port: number;
}

/** The header of a TCP segment, without its bytes. */
export interface Segment {
  readonly from: CapturedPeer;
  readonly to: CapturedPeer;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

const TCP = 6;
const UDP = 17;
const TCP_HEADER_BYTES = 20;
const WINDOW = 65_535;
const LOOPBACK = 0x7f_00_00_01;

/** A datagram of UDP, of at most 65,507 bytes. */
export interface Datagram {
  readonly from: CapturedPeer;
  readonly to: CapturedPeer;
  readonly payload: Uint8Array;
}

/** A segment as an IP packet, IPv6 when an end has such an address. Sources: RFC 791, RFC 8200, RFC 9293. */
export function packetOf(segment: Segment): Buffer {
  return ipPacket(segment, TCP, (source, target) => tcpOf(segment, source, target));
}

/** A datagram as an IP packet. Source: RFC 768. */
export function datagramPacket(datagram: Datagram): Buffer {
  return ipPacket(datagram, UDP, (source, target) => udpOf(datagram, source, target));
}

type Ends = Pick<Segment, 'from' | 'to'>;

function ipPacket(ends: Ends, protocol: number, bodyOf: (source: Buffer, target: Buffer) => Buffer): Buffer {
  const [from, to] = [addressOf(ends.from.host), addressOf(ends.to.host)];
  const isWide = from.length === 16 || to.length === 16;
  const [source, target] = isWide ? [wide(from), wide(to)] : [from, to];
  const body = bodyOf(source, target);
  return Buffer.concat([
    isWide ? ipv6Header(body.length, protocol) : ipv4Header(body.length, protocol, source, target),
    source,
    target,
    body,
  ]);
}

/** The header up to the addresses. */
function ipv4Header(bodyBytes: number, protocol: number, source: Buffer, target: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + bodyBytes, 2);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  header.writeUInt16BE(checksumOf([header, source, target]), 10);
  return header;
}

/** The header up to the addresses. */
function ipv6Header(bodyBytes: number, protocol: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(bodyBytes, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(64, 7);
  return header;
}

function tcpOf({ from, to, sequence, acknowledged, flags, payload }: Segment, source: Buffer, target: Buffer): Buffer {
  const header = Buffer.alloc(TCP_HEADER_BYTES);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt32BE(sequence % 2 ** 32, 4);
  header.writeUInt32BE(acknowledged % 2 ** 32, 8);
  header.writeUInt8((TCP_HEADER_BYTES / 4) << 4, 12);
  header.writeUInt8(flags, 13);
  header.writeUInt16BE(WINDOW, 14);
  header.writeUInt16BE(checksumOf([source, target, pseudoHeader(TCP, header, payload), header, payload]), 16);
  return Buffer.concat([header, payload]);
}

function udpOf({ from, to, payload }: Datagram, source: Buffer, target: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt16BE(header.length + payload.length, 4);
  // A sum of 0 would say that there is none.
  header.writeUInt16BE(checksumOf([source, target, pseudoHeader(UDP, header, payload), header, payload]) || 0xffff, 6);
  return Buffer.concat([header, payload]);
}

/** The end of the pseudo header, behind the addresses. */
function pseudoHeader(protocol: number, header: Buffer, payload: Uint8Array): Buffer {
  const pseudo = Buffer.alloc(8);
  pseudo.writeUInt32BE(header.length + payload.length, 0);
  pseudo.writeUInt32BE(protocol, 4);
  return pseudo;
}

/** The Internet checksum (RFC 1071); all but the last run have an even number of bytes. */
function checksumOf(runs: readonly Uint8Array[]): number {
  let sum = 0;
  for (const run of runs) for (let at = 0; at < run.length; at += 2) sum += (run[at]! << 8) + (run[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_00_00);
  return ~sum & 0xffff;
}

function addressOf(host: string): Buffer {
  if (isIPv4(host)) return fourBytes(ipv4Bits(host));
  if (!isIPv6(host)) return fourBytes(LOOPBACK);
  const groups = ipv6Groups(host);
  const mapped = mappedIpv4(groups);
  if (mapped !== undefined) return fourBytes(mapped);
  const bytes = Buffer.alloc(16);
  for (const [index, group] of groups.entries()) bytes.writeUInt16BE(group, index * 2);
  return bytes;
}

function fourBytes(bits: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(bits >>> 0);
  return bytes;
}

/** An IPv4 address mapped to IPv6. */
function wide(address: Buffer): Buffer {
  return address.length === 16 ? address : Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff]), address]);
}
