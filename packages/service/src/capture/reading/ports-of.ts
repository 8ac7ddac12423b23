import { ByteView } from './byte-view.ts';
import { ipDatagramOf } from './ip-datagram.ts';
import type { CapturedPacket } from './captured-packet.ts';
import type { IpDatagram } from './ip-datagram.ts';

/** Where a packet comes from and goes to. */
export interface PacketPorts {
  readonly transport: 'tcp' | 'udp';
  readonly ports: readonly [number, number];
}

const TRANSPORTS: Readonly<Record<number, PacketPorts['transport']>> = { 6: 'tcp', 17: 'udp' };
/** ICMP and its form for IPv6: an error repeats the beginning of the packet that it is about, behind eight bytes of its own. */
const ERRORS = [1, 58];
const ERROR_BYTES = 8;
const RAW_IP = 101;

/** The ports of a packet of TCP or UDP, or of the one that an ICMP error is about; `undefined` for all others. Sources: RFC 792, RFC 4443. */
export function portsOf({ bytes, linkType }: Pick<CapturedPacket, 'bytes' | 'linkType'>): PacketPorts | undefined {
  const datagram = ipDatagramOf(bytes, linkType);
  if (typeof datagram === 'string') return undefined;
  if (!ERRORS.includes(datagram.protocol)) return portsAt(bytes, datagram);
  const about = bytes.subarray(datagram.start + ERROR_BYTES, datagram.end);
  const quoted = ipDatagramOf(about, RAW_IP);
  return typeof quoted === 'string' ? undefined : portsAt(about, quoted);
}

function portsAt(bytes: Uint8Array, { protocol, start }: IpDatagram): PacketPorts | undefined {
  const transport = TRANSPORTS[protocol];
  if (transport === undefined || start + 4 > bytes.length) return undefined;
  const view = new ByteView(bytes, false);
  return { transport, ports: [view.u16(start), view.u16(start + 2)] };
}
