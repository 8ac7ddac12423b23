import { isIPv4, isIPv6 } from 'node:net';
import { ipv4Bits, ipv6Groups, mappedIpv4 } from '../limits/address-bits.ts';

/** One end of a TCP connection. A unix socket has no address: it is shown as a port of loopback. */
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
const TCP_HEADER_BYTES = 20;
const WINDOW = 65_535;
const LOOPBACK = 0x7f_00_00_01;

/** A segment as an IP packet, IPv6 when an end has such an address. Sources: RFC 791, RFC 8200, RFC 9293. */
export function packetOf(segment: Segment): Buffer {
  const [from, to] = [addressOf(segment.from.host), addressOf(segment.to.host)];
  const isWide = from.length === 16 || to.length === 16;
  return isWide ? ipv6Packet(segment, wide(from), wide(to)) : ipv4Packet(segment, from, to);
}

function ipv4Packet(segment: Segment, from: Buffer, to: Buffer): Buffer {
  const tcp = tcpOf(segment, from, to);
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(header.length + tcp.length, 2);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(TCP, 9);
  from.copy(header, 12);
  to.copy(header, 16);
  header.writeUInt16BE(checksumOf([header]), 10);
  return Buffer.concat([header, tcp]);
}

function ipv6Packet(segment: Segment, from: Buffer, to: Buffer): Buffer {
  const tcp = tcpOf(segment, from, to);
  const header = Buffer.alloc(8);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(tcp.length, 4);
  header.writeUInt8(TCP, 6);
  header.writeUInt8(64, 7);
  return Buffer.concat([header, from, to, tcp]);
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
  const pseudo = Buffer.alloc(8);
  pseudo.writeUInt32BE(TCP_HEADER_BYTES + payload.length, 0);
  pseudo.writeUInt32BE(TCP, 4);
  header.writeUInt16BE(checksumOf([source, target, pseudo, header, payload]), 16);
  return Buffer.concat([header, payload]);
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
